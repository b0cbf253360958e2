using System.Text;
using AngleSharp.Dom;
using Remix.Creations.Scan.Images;
using Remix.Creations.Scan.JavaScript;
using Remix.Platform.JavaScript;
using Remix.Creations.Scan.Pages;
using Remix.Creations.Scan.Styles;
using Remix.Rooms.Files;

namespace Remix.Creations.Scan;

/// <summary>
/// The first stage of verification: reads every file a browser would run or draw, by tokens and not by text search, so
/// that a forbidden word in a comment, a string or a sentence is no violation. It never throws and its time grows with
/// the bytes. The second layer is the Content-Security-Policy under which creations are served.
/// </summary>
internal sealed class StaticScan
{
    public const string Stage = "static_scan";

    private readonly ScanSubject subject;
    private readonly Findings findings = new(Stage);
    private long textBytes;
    private long pageWeight;

    private StaticScan(ScanSubject subject) => this.subject = subject;

    public static ScanResult Run(ScanSubject subject)
    {
        var scan = new StaticScan(subject);
        foreach (var file in subject.Files) scan.Scan(file);
        CoverRules.Scan(subject, scan.findings);
        return new ScanResult(scan.findings.Violations, scan.findings.Issues, scan.pageWeight);
    }

    private void Scan(ScanFile file)
    {
        var kind = KindOf(file.Path);
        if (kind == FileKind.Other || findings.IsFull) return;

        textBytes += file.Size;
        if (file.Size > ScanLimits.TextFileBytesMax || textBytes > ScanLimits.TextBytesMax)
        {
            findings.Refuse(ScanRule.Limits, file.Size > ScanLimits.TextFileBytesMax
                ? $"{file.Path} has {file.Size} bytes; a text file may have {ScanLimits.TextFileBytesMax}"
                : $"{file.Path} is beyond the {ScanLimits.TextBytesMax} bytes that all text files may have", file.Path);
            return;
        }
        if (!IsUtf8(file)) return;

        var text = ScanText.Of(file);
        switch (kind)
        {
            case FileKind.Page: Page(file, text); break;
            case FileKind.Style: CssRules.Scan(text.Source, new ScanPlace(text, 0), findings); break;
            case FileKind.Xml: XmlPage.Scan(text, findings); break;
            case FileKind.Svg: SvgRules.Scan(text, findings); break;
            case FileKind.Script:
                JsGoal? goal = file.Extension is ".mjs" ? JsGoal.Module : null;
                JsRules.Scan(text.Source, goal, new ScanPlace(text, 0), findings);
                break;
        }
    }

    private void Page(ScanFile file, ScanText text)
    {
        var (document, refusal) = HtmlReader.Read(text.Source);
        if (document is null)
        {
            findings.Refuse(ScanRule.Limits, $"{file.Path} has {refusal}", file.Path);
            return;
        }
        using (document)
        {
            new HtmlRules(text, findings).Scan(document);
            if (file.Path is ScanSubject.EntryPoint) Weigh(file, document);
        }
    }

    private void Weigh(ScanFile index, INode document)
    {
        pageWeight = PageWeight.Of(subject, index, document);
        if (pageWeight > ScanLimits.PageWeightBytesMax)
            findings.Refuse(ScanRule.PageWeight,
                $"Page weight is {pageWeight / 1024.0 / 1024:0.0} MB; 2 MB is the most", index.Path);
    }

    // A byte order mark outranks the Content-Type header: the browser would read other text than the scan did.
    private bool IsUtf8(ScanFile file)
    {
        var bytes = file.Content().Span;
        var isUtf16 = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
            || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        if (isUtf16) findings.Refuse(ScanRule.Encoding, $"{file.Path} is UTF-16", file.Path);
        else if (!System.Text.Unicode.Utf8.IsValid(bytes)) findings.Warn($"{file.Path} is not valid UTF-8.");
        return !isUtf16;
    }

    /// <summary>Whether the scan looks into files of that name.</summary>
    public static bool Reads(string path) => KindOf(path) != FileKind.Other;

    // As what it is served counts, which its name alone decides. The worker and its timetable are never served; they run
    // in a sandbox of their own.
    private static FileKind KindOf(string path) => path is "worker.js" or "cron.json" ? FileKind.Other : ContentTypes.Of(path) switch
    {
        "text/html" => FileKind.Page,
        "text/css" => FileKind.Style,
        "image/svg+xml" => FileKind.Svg,
        "text/xml" or "application/xml" => FileKind.Xml,
        var type when type.EndsWith("+xml", StringComparison.Ordinal) => FileKind.Xml,
        var type when type.EndsWith("javascript", StringComparison.Ordinal) || type is "text/jscript" => FileKind.Script,
        _ => path.EndsWith(".cjs", StringComparison.OrdinalIgnoreCase) ? FileKind.Script : FileKind.Other,
    };

    private enum FileKind
    {
        Other,
        Page,
        Style,
        Script,
        Svg,
        Xml,
    }
}
