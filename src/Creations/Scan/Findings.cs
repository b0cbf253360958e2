namespace Remix.Creations.Scan;

/// <summary>Gathers what the rules find, each place once, up to a limit: the first fifty say enough.</summary>
internal sealed class Findings(string stage)
{
    private readonly List<Violation> violations = [];
    private readonly List<string> issues = [];
    private readonly HashSet<(string Category, string File, int Line, int Column)> seen = [];

    public IReadOnlyList<Violation> Violations => violations;

    public IReadOnlyList<string> Issues => issues;

    /// <summary>Nothing more will be kept: a rule may stop looking.</summary>
    public bool IsFull => violations.Count >= ScanLimits.ViolationsMax;

    public void Forbid(ScanRule rule, string what, ScanPlace place, int offset = 0)
    {
        var (line, column) = place.PositionOf(offset);
        Add(rule, $"Forbidden: {what} in {place.Text.Path}:{line}", place.Text.Path, line, column);
    }

    public void Refuse(ScanRule rule, string message, string file) => Add(rule, message, file, 0, 0);

    public void Warn(string issue)
    {
        if (issues.Count < ScanLimits.IssuesMax && !issues.Contains(issue, StringComparer.Ordinal)) issues.Add(issue);
    }

    private void Add(ScanRule rule, string message, string file, int line, int column)
    {
        var isNew = line == 0 || seen.Add((rule.Category, file, line, column));
        if (isNew && !IsFull) violations.Add(new Violation(stage, rule.Category, message, rule.FixHint, file, line,
            column));
    }
}
