using System.Reflection;
using System.Text;
using Remix.Creations.Serving;

namespace Remix.Games.Serving;

/// <summary>The game SDK in the forms in which it is served: a module, and a script that only sets the window's names.</summary>
internal static class SdkFiles
{
    public const string ScriptName = "game-sdk.js";
    public const string ModuleName = "game-sdk.mjs";

    private const string Exports = "export {";
    private const string JavaScript = "text/javascript; charset=utf-8";

    private static readonly Lazy<string> Source = new(() => Read("sdk/game-sdk.mjs"));

    public static string Module => Source.Value;

    /// <summary>Without its exports, and in a scope of its own.</summary>
    public static string Script { get; } = $"(() => {{\n{Stripped(Source.Value)}\n}})();\n";

    public static string Types { get; } = Read("sdk/game-sdk.d.ts");

    /// <summary>What creations' own hosts serve below /__remix/.</summary>
    public static IEnumerable<HostFile> HostFiles =>
        [new(ScriptName, JavaScript, Encoding.UTF8.GetBytes(Script)), new(ModuleName, JavaScript, Encoding.UTF8.GetBytes(Module))];

    private static string Stripped(string module) => string.Join('\n', module[..module.LastIndexOf(Exports, StringComparison.Ordinal)].Trim()
        .Split('\n').Select(line => line.TrimStart()).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)));

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
