using System.Globalization;
using System.Runtime.InteropServices;

namespace Remix.Bench;

/// <summary>The table that a run ends with, in Markdown, and the facts about the machine without which it says nothing.</summary>
internal sealed class Report
{
    private readonly List<string[]> rows = [];

    public bool Complete { get; private set; } = true;

    public void Fail(string name, string why)
    {
        Complete = false;
        rows.Add([name, "failed", "", "", "", why]);
    }

    /// <summary>Something of which more is better, beside a reference.</summary>
    public void Ratio(string name, double ours, double reference, string unit, double ratioMin) =>
        Add(name, ours, unit, reference, string.Create(CultureInfo.InvariantCulture, $"ratio ≥ {ratioMin}"), ours / reference >= ratioMin);

    /// <summary>Something of which at least so much is wanted.</summary>
    public void AtLeast(string name, double ours, string unit, double least, double? reference = null) =>
        Add(name, ours, unit, reference, $"≥ {Figure(least)} {unit}", ours >= least);

    public void AtMost(string name, double ours, string unit, double most, double? reference = null) =>
        Add(name, ours, unit, reference, $"≤ {Figure(most)} {unit}", ours <= most);

    public void Plain(string name, double ours, string unit, double? reference = null) =>
        Add(name, ours, unit, reference, "", null);

    public void Print(Arena arena)
    {
        Console.WriteLine();
        Write(["name", "ours", "reference", "ratio", "target", "verdict"]);
        Write(["---", "--:", "--:", "--:", "---", "---"]);
        rows.ForEach(Write);
        Console.WriteLine();
        Console.WriteLine("Medians of alternating rounds. A send is answered when it is durable, so one alone is never faster than the fsync below.");
        Console.WriteLine($"Machine: {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}, "
            + $"{RuntimeInformation.FrameworkDescription}, {arena.Disk}");
    }

    private void Add(string name, double ours, string unit, double? reference, string target, bool? met)
    {
        var ratio = reference is > 0 ? (ours / reference.Value).ToString("0.00", CultureInfo.InvariantCulture) : "";
        var verdict = met switch { true => "met", false => "missed", null => "" };
        rows.Add([name, $"{Figure(ours)} {unit}", reference is null ? "" : $"{Figure(reference.Value)} {unit}", ratio, target, verdict]);
        Console.Error.WriteLine($"  {string.Join("  ", rows[^1].Where(cell => cell.Length > 0))}");
    }

    private static void Write(string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Figure(double value) =>
        value.ToString(value >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture);
}
