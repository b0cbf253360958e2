using System.Reflection;

namespace Remix.JsRuntime;

/// <summary>The JavaScript that we put around an author's.</summary>
internal static class OwnCode
{
    public static string Text(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
