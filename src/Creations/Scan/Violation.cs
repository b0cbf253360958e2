namespace Remix.Creations.Scan;

/// <summary>
/// One reason for a rejection, and what to write instead. Line and column are 0 when the whole file is meant.
/// </summary>
internal sealed record Violation(
    string Stage, string Category, string Message, string FixHint, string File, int Line = 0, int Column = 0);

/// <summary>
/// What the scan found: violations reject the submission, issues are told to the creator and change nothing.
/// </summary>
internal sealed record ScanResult(
    IReadOnlyList<Violation> Violations, IReadOnlyList<string> Issues, long PageWeightBytes)
{
    public bool Passed => Violations.Count == 0;
}
