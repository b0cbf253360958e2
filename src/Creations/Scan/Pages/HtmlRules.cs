using AngleSharp.Dom;
using Remix.Creations.Scan.JavaScript;
using Remix.Platform.JavaScript;
using Remix.Creations.Scan.Styles;

namespace Remix.Creations.Scan.Pages;

/// <summary>
/// Reads a page's elements and attributes against the rules, and hands its scripts and styles to theirs.
/// </summary>
internal sealed class HtmlRules(ScanText text, Findings findings)
{
    private const string SvgNamespace = "http://www.w3.org/2000/svg";

    public void Scan(INode document)
    {
        foreach (var element in HtmlReader.Elements(document))
        {
            if (findings.IsFull) return;
            if (element.Attributes.Length > ScanLimits.HtmlAttributesMax)
                findings.Forbid(ScanRule.Limits, $"a tag with {element.Attributes.Length} attributes",
                    PlaceOf(element));
            Element(element);
            foreach (var attribute in element.Attributes) Attribute(element, attribute);
        }
    }

    private void Element(IElement element)
    {
        switch (element.LocalName)
        {
            case "iframe" or "frame" or "frameset" or "object" or "embed" or "applet" or "portal" or "fencedframe":
                findings.Forbid(ScanRule.Iframe, $"<{element.LocalName}>", PlaceOf(element));
                break;
            case "script": Script(element); break;
            case "style": CssRules.Scan(element.TextContent, ContentOf(element), findings); break;
            case "base" when element.HasAttribute("href"):
                findings.Forbid(ScanRule.BaseHref, "<base href>", PlaceOf(element));
                break;
            case "meta" when IsWord(element, "http-equiv", "refresh"):
                findings.Forbid(ScanRule.MetaRefresh, "<meta http-equiv=\"refresh\">", PlaceOf(element));
                break;
            case "link": Link(element); break;
        }
    }

    private void Script(IElement element)
    {
        var isSvg = string.Equals(element.NamespaceUri, SvgNamespace, StringComparison.Ordinal);
        foreach (var name in isSvg ? (string[])["href", "xlink:href"] : ["src"])
        {
            if (element.GetAttribute(name) is { } source
                && WebAddress.Classify(source) is not (AddressKind.Local or AddressKind.Cdn))
                findings.Forbid(ScanRule.ExternalScript, $"<script src=\"{WebAddress.Shorten(source)}\">",
                    PlaceOf(element));
        }

        var kind = ScriptTypes.KindOf(element);
        switch (kind)
        {
            case ScriptKind.Classic or ScriptKind.Module:
                var goal = kind == ScriptKind.Module ? JsGoal.Module : JsGoal.Script;
                JsRules.Scan(element.TextContent, goal, ContentOf(element), findings);
                break;
            case ScriptKind.ImportMap: ImportMap(element); break;
        }
    }

    private void ImportMap(IElement element)
    {
        foreach (var address in ScriptTypes.AddressesIn(element.TextContent))
        {
            if (WebAddress.Classify(address) is not (AddressKind.Local or AddressKind.Cdn))
                findings.Forbid(ScanRule.ExternalScript, $"import map entry {WebAddress.Shorten(address)}",
                    PlaceOf(element));
        }
    }

    private void Link(IElement element)
    {
        var rel = (element.GetAttribute("rel") ?? "").ToLowerInvariant();
        var address = element.GetAttribute("href") ?? "";
        if (WebAddress.Classify(address) is AddressKind.Local or AddressKind.Cdn or AddressKind.Data) return;
        if (rel.Contains("modulepreload", StringComparison.Ordinal)
            || (rel.Contains("preload", StringComparison.Ordinal) && IsWord(element, "as", "script")))
            findings.Forbid(ScanRule.ExternalScript, $"<link href=\"{WebAddress.Shorten(address)}\">",
                PlaceOf(element));
        else if (rel.Contains("stylesheet", StringComparison.Ordinal) || rel.Contains("icon", StringComparison.Ordinal))
            WarnOf(address);
    }

    private void Attribute(IElement element, IAttr attribute)
    {
        var name = attribute.Name.ToLowerInvariant();
        var value = attribute.Value;
        if (name.StartsWith("on", StringComparison.Ordinal) && name.Length > 2)
            JsRules.Scan(value, JsGoal.Script, PlaceOf(element), findings);
        else if (name is "style") CssRules.Scan(value, PlaceOf(element), findings);
        else if (name is "srcdoc") findings.Forbid(ScanRule.Iframe, "srcdoc", PlaceOf(element));
        else if (IsAddress(element, name)) Address(element, name, value);
    }

    private void Address(IElement element, string name, string value)
    {
        var addresses = name is "values" ? value.Split(';') : [value];
        if (addresses.Any(address => WebAddress.Classify(address) == AddressKind.JavaScript))
            findings.Forbid(ScanRule.JavascriptUrl, $"javascript: in {name}", PlaceOf(element));

        var isAction = (name is "action" && element.LocalName is "form") || name is "formaction";
        var whole = WebAddress.Classify(value);
        if (isAction && whole is not (AddressKind.Local or AddressKind.JavaScript))
            findings.Forbid(ScanRule.FormAction, $"{name}=\"{WebAddress.Shorten(value)}\"", PlaceOf(element));
        var isImage = (name is "src" && element.LocalName is "img" or "video" or "audio" or "source")
            || name is "poster";
        if (isImage && whole == AddressKind.External) WarnOf(value);
    }

    private void WarnOf(string address) =>
        findings.Warn($"{text.Path} names {WebAddress.Shorten(address)}, which will not load: "
        + "upload the file beside index.html, or use one of the allowed CDNs.");

    // An SVG animation may set a link's address: its values are addresses then.
    private static bool IsAddress(IElement element, string name) => name is "href" or "xlink:href" or "src" or "action"
        or "formaction" or "data" or "poster" or "background" or "cite" or "ping"
        || (name is "to" or "from" or "by" or "values"
            && (element.GetAttribute("attributeName") ?? "").EndsWith("href", StringComparison.OrdinalIgnoreCase));

    private static bool IsWord(IElement element, string attribute, string value) =>
        string.Equals(element.GetAttribute(attribute)?.Trim(), value, StringComparison.OrdinalIgnoreCase);

    private ScanPlace PlaceOf(IElement element) =>
        new(text, Math.Max(0, element.SourceReference?.Position.Index ?? 0), IsVerbatim: false);

    /// <summary>
    /// Where an element's text begins in the file; the element's own place when the text was written with entities.
    /// </summary>
    private ScanPlace ContentOf(IElement element)
    {
        const int tagLengthMax = 4096;
        var place = PlaceOf(element);
        var content = element.TextContent;
        var window = text.Source.AsSpan(place.Start);
        if (window.Length > content.Length + tagLengthMax) window = window[..(content.Length + tagLengthMax)];
        var at = content.Length == 0 ? -1 : window.IndexOf(content);
        return at < 0 ? place : new ScanPlace(text, place.Start + at);
    }
}
