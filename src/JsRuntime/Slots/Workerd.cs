using System.Runtime.InteropServices;
using Remix.Platform.Settings;

namespace Remix.JsRuntime.Slots;

/// <summary>Where the engine's binary lies.</summary>
internal static class Workerd
{
    /// <summary>The folder of the package that pins it, and that <c>bin/run</c> and <c>bin/test</c> install.</summary>
    private const string Package = "src/JsRuntime/Workerd/node_modules/@cloudflare";

    public const string Lack = "workerd, which runs JavaScript, is missing. bin/run installs it with npm; otherwise install the npm "
        + $"package workerd and say in {SettingNames.Workerd} where its binary lies";

    /// <summary>What the operator named, or what was installed beside the sources or on the path; null when there is none.</summary>
    public static string? Find(RemixSettings settings)
    {
        if (settings.Workerd is { } named)
        {
            return File.Exists(named) ? named : null;
        }

        var platform = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "workerd-linux-arm64" : "workerd-linux-64";
        var ancestors = Ancestors(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, Package, platform, "bin", "workerd"));
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, "workerd"));
        return ancestors.Concat(path).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Ancestors(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}
