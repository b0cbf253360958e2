using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Remix.JsRuntime.Sandbox;

/// <summary>
/// The system calls that the sandbox refuses: those that reach other processes, the kernel's own state, or a network.
/// A classic BPF program, as bwrap reads it from a file; each refused call fails with EPERM (clone3 with ENOSYS, after which
/// the C library takes clone).
/// </summary>
internal static class SeccompFilter
{
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfSet = 0x45, JumpIfAtLeast = 0x35, Return = 0x06;
    private const uint Allow = 0x7fff0000, Kill = 0x80000000, Fail = 0x00050000;
    private const uint NotPermitted = 1, NotImplemented = 38, NoSuchFamily = 97;
    private const uint UnixFamily = 1;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.</summary>
    private const uint NewNamespaces = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

    /// <summary>Offsets in seccomp_data: nr, arch, the low half of the first argument.</summary>
    private const uint Number = 0, Architecture = 4, FirstArgument = 16;

    /// <summary>The program for this machine; null where its system calls have other numbers.</summary>
    public static byte[]? Build() => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => Build(X64),
        System.Runtime.InteropServices.Architecture.Arm64 => Build(Arm64),
        _ => null,
    };

    private static byte[] Build(Calls calls)
    {
        var program = new List<(ushort Code, byte True, byte False, uint Value)>
        {
            (Load, 0, 0, Architecture),
            (JumpIfEqual, 1, 0, calls.Architecture),
            (Return, 0, 0, Kill),
            (Load, 0, 0, Number),
        };
        if (calls.NumbersEnd is { } end)
        {
            // The x32 numbers of x86-64: the same calls by other names.
            program.AddRange([(JumpIfAtLeast, 0, 1, end), (Return, 0, 0, Fail | NotPermitted)]);
        }

        foreach (var number in calls.Refused)
        {
            program.AddRange([(JumpIfEqual, 0, 1, number), (Return, 0, 0, Fail | NotPermitted)]);
        }

        program.AddRange(
        [
            (JumpIfEqual, 0, 1, calls.Fork3), (Return, 0, 0, Fail | NotImplemented),
            (JumpIfEqual, 0, 4, calls.Fork), (Load, 0, 0, FirstArgument),
            (JumpIfSet, 0, 1, NewNamespaces), (Return, 0, 0, Fail | NotPermitted), (Return, 0, 0, Allow),
            (JumpIfEqual, 0, 4, calls.Socket), (Load, 0, 0, FirstArgument),
            (JumpIfEqual, 1, 0, UnixFamily), (Return, 0, 0, Fail | NoSuchFamily), (Return, 0, 0, Allow),
            (Return, 0, 0, Allow),
        ]);
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var (code, isTrue, isFalse, value) = program[i];
            var at = bytes.AsSpan(i * 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, code);
            (at[2], at[3]) = (isTrue, isFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], value);
        }

        return bytes;
    }

    private sealed record Calls(uint Architecture, uint? NumbersEnd, uint Fork, uint Fork3, uint Socket, uint[] Refused);

    // ptrace, syslog, setuid.., personality, pivot_root, chroot, acct, mount, umount2, swapon/off, reboot, sethostname, setdomainname,
    // modules, kexec, keys, unshare, setns, perf, fanotify, handles, process memory, kcmp, bpf, execveat, userfaultfd, io_uring,
    // the newer mounts, pidfd_getfd, quotas, clocks, ports.
    private static readonly Calls X64 = new(0xc000003e, 0x40000000, 56, 435, 41,
    [
        101, 103, 135, 155, 161, 163, 165, 166, 167, 168, 169, 170, 171, 172, 173, 175, 176, 179, 180, 212, 227, 246, 248, 249, 250, 272,
        298, 300, 301, 303, 304, 305, 308, 310, 311, 312, 313, 320, 321, 322, 323, 425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442,
        443, 159, 164, 174, 177, 178, 153, 156, 256, 279, 237, 238, 239,
    ]);

    private static readonly Calls Arm64 = new(0xc00000b7, null, 220, 435, 198,
    [
        117, 116, 92, 41, 51, 89, 40, 39, 224, 225, 142, 161, 162, 105, 106, 104, 60, 112, 217, 218, 219, 97, 241, 262, 263, 264, 265, 266,
        268, 270, 271, 272, 273, 294, 280, 281, 282, 425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 443, 170, 171, 58, 235, 236,
        237, 238, 239,
    ]);
}
