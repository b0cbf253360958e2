using System.Globalization;
using System.Runtime.InteropServices;

namespace Remix.JsRuntime.Slots;

/// <summary>
/// How far a process stands back for others: always, more when it keeps a processor busy, most when it does so for nothing or for
/// long calls.
/// </summary>
internal sealed record ProcessPriority
{
    /// <summary>From the start. As a group it is nobody's last: who waits for code to be loaded should not wait for more.</summary>
    public static readonly ProcessPriority Usual = new(5, 0, NormalPolicy, 0);

    public static readonly ProcessPriority Busy = new(10, 10, NormalPolicy, 0);

    /// <summary>Whoever wakes takes the processor from it at once, since others' turns are shorter (as of Linux 6.12).</summary>
    public static readonly ProcessPriority Last = new(19, 19, BatchPolicy, 100_000_000);

    private const uint NormalPolicy = 0, BatchPolicy = 3;

    private readonly int groupNiceness;
    private readonly uint policy;
    private readonly ulong turnNs;

    private ProcessPriority(int niceness, int groupNiceness, uint policy, ulong turnNs) =>
        (Niceness, this.groupNiceness, this.policy, this.turnNs) = (niceness, groupNiceness, policy, turnNs);

    public int Niceness { get; }

    /// <summary>
    /// Sets it for a process and all below it; false where that was not allowed, since only root may let anything go further in
    /// front. A kernel that groups processes by session shares the processor out among the groups, and how nice somebody is counts
    /// within his own alone: so the group is told as well.
    /// </summary>
    public bool Set(int processId)
    {
        var isSet = true;
        foreach (var thread in ProcessTree.Threads(processId))
        {
            isSet &= SetThread(thread);
        }

        SetGroup(processId);
        foreach (var child in ProcessTree.Children(processId).ToList())
        {
            isSet &= Set(child);
        }

        return isSet;
    }

    private bool SetThread(int thread)
    {
        var wish = new Wish { Size = (uint)Marshal.SizeOf<Wish>(), Policy = policy, Niceness = Niceness, Runtime = turnNs };
        var number = RuntimeInformation.OSArchitecture switch { Architecture.X64 => 314, Architecture.Arm64 => 274, _ => -1 };
        return Call(number, thread, ref wish, 0) == 0 || SetPriority(0, thread, Niceness) == 0;
    }

    private void SetGroup(int processId)
    {
        try
        {
            var file = $"/proc/{processId}/autogroup";
            if (File.Exists(file) && Group(file) != Group("/proc/self/autogroup"))
            {
                File.WriteAllText(file, groupNiceness.ToString(CultureInfo.InvariantCulture));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended; or the kernel, which takes ten such wishes a second, has had enough.
        }
    }

    /// <summary>Of <c>/autogroup-12 nice 0</c>, the first word.</summary>
    private static string Group(string file) => File.ReadAllText(file).Split(' ')[0];

    /// <summary>The kernel's <c>sched_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Wish
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Niceness;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }

    [DllImport("libc", EntryPoint = "syscall")]
    private static extern long Call(long number, long thread, ref Wish wish, long flags);

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, int who, int priority);
}
