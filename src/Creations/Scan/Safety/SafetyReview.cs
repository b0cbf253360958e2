using AngleSharp.Dom;
using Remix.Platform.JavaScript;
using Remix.Creations.Scan.Pages;

namespace Remix.Creations.Scan.Safety;

/// <summary>
/// The third stage: harm to readers. Rules look at what a page does (its forms, links and scripts) and, for a few
/// phrases, at what it says; to write about phishing or about suicide is not to do it. No network, nothing is run.
/// </summary>
internal sealed class SafetyReview
{
    public const string Stage = "safety_review";

    private readonly Findings findings = new(Stage);

    public static IReadOnlyList<Violation> Run(ScanSubject subject)
    {
        var review = new SafetyReview();
        review.Said(subject);
        foreach (var file in subject.Files) review.Review(file);
        return review.findings.Violations;
    }

    private void Said(ScanSubject subject)
    {
        var said = new ScanText("the submission",
            $"{subject.Topic}\n{subject.Description}\n{string.Join(' ', subject.Tags)}");
        TermRules.Scan(said.Source, new ScanPlace(said, 0), findings);
    }

    private void Review(ScanFile file)
    {
        if (LinkRules.IsProgram(file.Path))
            findings.Refuse(SafetyRule.Malware, $"Forbidden: program {file.Path}", file.Path);
        if (file.Path is "worker.js" || file.Size > ScanLimits.TextFileBytesMax || findings.IsFull) return;
        if (file.Extension is ".html" or ".htm" or ".xhtml" or ".xht" or ".xml") Page(file);
        else if (file.Extension is ".js" or ".mjs")
        {
            var text = ScanText.Of(file);
            ScriptSafety.Scan(text.Source, new ScanPlace(text, 0), findings);
        }
    }

    private void Page(ScanFile file)
    {
        if (PageText.PageOf(file) is not { } page) return;
        var text = ScanText.Of(file);
        var place = new ScanPlace(text, 0, IsVerbatim: false);
        var sendsOut = false;
        foreach (var element in HtmlReader.Elements(page))
        {
            var at = new ScanPlace(text, Math.Max(0, element.SourceReference?.Position.Index ?? 0), IsVerbatim: false);
            if (element.LocalName is "script") sendsOut |= Script(element, at);
            LinkRules.Scan(element, at, findings);
            foreach (var handler in element.Attributes.Where(a =>
                a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)))
                sendsOut |= ScriptSafety.Scan(handler.Value, at, findings);
        }
        FormRules.Scan(page, sendsOut, text, findings);
        TermRules.Scan(PageText.Of(page), place, findings);
    }

    private bool Script(IElement element, ScanPlace place)
    {
        if (element.GetAttribute("src") is { } source && ScriptSafety.IsMiner(source))
            findings.Forbid(SafetyRule.Miner, $"crypto miner {WebAddress.Shorten(source)}", place);
        return ScriptTypes.KindOf(element) is ScriptKind.Classic or ScriptKind.Module
            && ScriptSafety.Scan(element.TextContent, place, findings);
    }
}
