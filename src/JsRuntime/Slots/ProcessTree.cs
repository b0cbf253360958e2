using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Remix.JsRuntime.Slots;

/// <summary>What Linux tells about a process and those below it.</summary>
internal static class ProcessTree
{
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;
    private const int ProcessorTimeField = 11;

    /// <summary>What matters stands in the first half of it.</summary>
    private const int StatBytesMax = 512;

    /// <summary>Seconds of processor time so far, without those of children; 0 where it cannot be read.</summary>
    public static double ProcessorSeconds(int processId)
    {
        try
        {
            // Asked for many times a second, so without a text.
            using var file = File.OpenHandle($"/proc/{processId}/stat", share: FileShare.ReadWrite);
            Span<byte> bytes = stackalloc byte[StatBytesMax];
            var stat = bytes[..RandomAccess.Read(file, bytes, 0)];
            var fields = stat[(stat.LastIndexOf((byte)')') + 2)..];
            return (Field(fields, ProcessorTimeField) + Field(fields, ProcessorTimeField + 1)) / 100.0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return 0;
        }
    }

    private static long Field(ReadOnlySpan<byte> fields, int index)
    {
        for (; index > 0; index--)
        {
            fields = fields[(fields.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(fields, out long number, out _) ? number : 0;
    }

    /// <summary>Resident memory, with all children; 0 where it cannot be read.</summary>
    public static long MemoryBytes(int processId)
    {
        try
        {
            var resident = File.ReadAllText($"/proc/{processId}/statm").Split(' ')[1];
            return long.Parse(resident, CultureInfo.InvariantCulture) * Environment.SystemPageSize + Children(processId).Sum(MemoryBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return 0;
        }
    }

    /// <summary>Kills what runs in a sandbox that has something of the directory, or was told to listen there.</summary>
    public static void KillIn(string directory)
    {
        foreach (var process in Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var processId)
                && (Says(process, "mountinfo", $"/{Path.GetFileName(directory)}/") || Says(process, "cmdline", $"=unix:{directory}/")))
            {
                _ = Kill(processId, KillSignal);
            }
        }
    }

    private static bool Says(string process, string file, string words)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file)).Contains(words, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Asks the innermost process to end; those around it end with it.</summary>
    public static void Terminate(int processId)
    {
        _ = Kill(Innermost(processId), TerminateSignal);
    }

    /// <summary>Where those around it only wait for their child, the child that does the work.</summary>
    public static int Innermost(int processId)
    {
        while (Children(processId).FirstOrDefault() is > 0 and var child)
        {
            processId = child;
        }

        return processId;
    }

    public static IEnumerable<int> Children(int processId)
    {
        foreach (var thread in Threads(processId))
        {
            string text;
            try
            {
                text = File.ReadAllText($"/proc/{processId}/task/{thread}/children");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            foreach (var child in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return int.Parse(child, CultureInfo.InvariantCulture);
            }
        }
    }

    public static IReadOnlyList<int> Threads(int processId)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{processId}/task")
                .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
