using System.Globalization;
using System.Runtime.InteropServices;

namespace Remix.Platform.Footprint;

/// <summary>
/// Lets go of the flat mappings of assemblies. The runtime maps each file twice: once as code, and once flat, from which it
/// reads what types there are when it loads them, and hardly again. The pages stay in the system's cache of files; only a
/// process that starts touches them all.
/// </summary>
internal static partial class MappedAssemblies
{
    private const string Maps = "/proc/self/maps";

    /// <summary>madvise(2): the mapping stays, and a page that is read again is mapped again.</summary>
    private const int DontNeed = 4;

    public static void LetGo()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var line in File.ReadLines(Maps))
        {
            // Shared and read only: nothing in it is ours, so that nothing can be lost.
            if (line.EndsWith(".dll", StringComparison.Ordinal) && line.Contains(" r--s ", StringComparison.Ordinal)
                && line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-') is [var from, var to]
                && nint.TryParse(from, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var start)
                && nint.TryParse(to, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end))
            {
                _ = Advise(start, (nuint)(end - start), DontNeed);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
