using System.Runtime.InteropServices;

namespace Remix.Platform.Data;

/// <summary>
/// Lets a thread stand back: on Linux .NET's own thread priorities do nothing, but each thread has a nice value
/// (setpriority(2), "C library/kernel differences").
/// </summary>
internal static partial class ThreadPriorities
{
    private const int Process = 0;
    private const int Self = 0;
    private const int Nice = 10;

    /// <summary>The calling thread gets about a tenth of what the others get, where they want all there is.</summary>
    public static void StandBack()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(Process, Self, Nice);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
