namespace Remix.Tests.Support;

/// <summary>The sources that the tests belong to.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    /// <summary>Files below a folder of the sources, without what a build leaves there.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(path => extensions.Contains(Path.GetExtension(path), StringComparer.Ordinal) && !IsBuilt(path));

    /// <summary>A path as one would write it in the repository.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsBuilt(string path) =>
        Relative(path).Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "node_modules") && !Relative(path)
            .StartsWith("bin/", StringComparison.Ordinal);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Remix.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside of their repository.");
    }
}
