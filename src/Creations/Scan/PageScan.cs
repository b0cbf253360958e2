using System.Text;

namespace Remix.Creations.Scan;

/// <summary>What the scan would refuse of a single page, for modules that prepare pages before they are submitted.</summary>
public static class PageScan
{
    /// <summary>One thing that would keep the page from being published.</summary>
    public sealed record Refusal(string Category, string Message, string FixHint, int Line);

    public static IReadOnlyList<Refusal> Of(string page)
    {
        var file = ScanFile.Of(ScanSubject.EntryPoint, Encoding.UTF8.GetBytes(page), "text/html");
        var cover = ScanFile.Of(ScanSubject.CoverDefault, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 375 900\"/>");
        var found = StaticScan.Run(new ScanSubject([file, cover], "", "", "", [], ScanSubject.CoverDefault));
        return [.. found.Violations.Select(violation => new Refusal(violation.Category, violation.Message, violation.FixHint, violation.Line))];
    }

    /// <summary>What is wrong with a cover; null when it may be published.</summary>
    public static string? CoverProblem(string name, byte[] content)
    {
        var findings = new Findings(StaticScan.Stage);
        var subject = new ScanSubject([ScanFile.Of(name, content)], "", "", "", [], name);
        Images.CoverRules.Scan(subject, findings);
        if (findings.Violations.Count == 0 && name.EndsWith(".svg", StringComparison.Ordinal))
        {
            Images.SvgRules.Scan(ScanText.Of(subject.Files[0]), findings);
        }

        return findings.Violations.Count == 0 ? null : $"{findings.Violations[0].Message}. {findings.Violations[0].FixHint}";
    }
}
