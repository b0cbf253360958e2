using System.Xml;
using Remix.Creations.Scan.Styles;

namespace Remix.Creations.Scan.Images;

/// <summary>
/// Reads an SVG file as XML, one node at a time and without a tree: no scripts, handlers, HTML, document types or
/// outside references, and no more shapes than a phone can draw, counting what <c>use</c>, patterns and masks repeat.
/// </summary>
internal sealed class SvgRules
{
    private static readonly XmlReaderSettings Settings = new()
    {
        // Parse, so that a document type shows up as a node, at which reading stops; nothing is ever resolved or
        // expanded.
        DtdProcessing = DtdProcessing.Parse,
        XmlResolver = null,
        MaxCharactersFromEntities = 1,
        CloseInput = true,
    };

    private readonly ScanText text;
    private readonly Findings findings;
    private readonly SvgReferences references = new();
    private XmlReader reader = null!;
    private bool isRoot = true;
    private bool inStyle;

    private SvgRules(ScanText text, Findings findings) => (this.text, this.findings) = (text, findings);

    /// <summary>The root's viewBox, null without one.</summary>
    public string? ViewBox { get; private set; }

    public bool IsSvg { get; private set; }

    /// <summary>Whether reading got to the root element; where it did not, the reason was reported.</summary>
    public bool HasRoot => !isRoot;

    public static SvgRules Scan(ScanText text, Findings findings)
    {
        var rules = new SvgRules(text, findings);
        try
        {
            using var xml = XmlReader.Create(new StringReader(text.Source), Settings);
            rules.reader = xml;
            while (xml.Read() && rules.Node() && !findings.IsFull)
            {
            }
            if (rules.references.Refusal() is { } refusal)
                findings.Refuse(ScanRule.Svg, $"{text.Path} {refusal}", text.Path);
        }
        catch (XmlException broken)
        {
            findings.Refuse(ScanRule.Svg, $"{text.Path} is not well-formed XML at line {broken.LineNumber}", text.Path);
        }
        return rules;
    }

    private bool Node()
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.DocumentType:
                Forbid("<!DOCTYPE>");
                return false;
            case XmlNodeType.ProcessingInstruction:
                Forbid($"<?{reader.Name}?>");
                return true;
            case XmlNodeType.Element:
                return Element();
            case XmlNodeType.EndElement:
                inStyle = false;
                references.Leave();
                return true;
            case XmlNodeType.Text or XmlNodeType.CDATA when inStyle:
                CssRules.Scan(reader.Value, Place(), findings);
                ForbidOutsideUrls(reader.Value);
                return true;
            default:
                return true;
        }
    }

    private bool Element()
    {
        var name = reader.LocalName;
        if (isRoot)
        {
            IsSvg = name is "svg" && reader.NamespaceURI is "http://www.w3.org/2000/svg";
            ViewBox = reader.GetAttribute("viewBox");
            isRoot = false;
        }
        if (name is "script" or "foreignObject" or "iframe" or "handler" or "listener"
            || reader.NamespaceURI.EndsWith("xhtml", StringComparison.Ordinal))
            Forbid($"<{name}>");

        var isEmpty = reader.IsEmptyElement;
        inStyle = name is "style" && !isEmpty;
        references.Enter(name, reader.GetAttribute("id"));
        while (reader.MoveToNextAttribute()) Attribute(name);
        reader.MoveToElement();
        if (isEmpty) references.Leave();
        if (references.LimitReached is not { } limit) return true;
        findings.Refuse(ScanRule.Svg, $"{text.Path} has {limit}", text.Path);
        return false;
    }

    private void Attribute(string element)
    {
        var (name, value) = (reader.LocalName, reader.Value);
        if (name.StartsWith("on", StringComparison.OrdinalIgnoreCase) && name.Length > 2) Forbid($"{name}=\"…\"");
        else if (name is "href" or "src") Reference(element, value);
        else if (name is "to" or "from" or "by" or "values"
            && value.Contains("javascript:", StringComparison.OrdinalIgnoreCase))
            Forbid("javascript: in an animation");
        else if (value.Contains("url(", StringComparison.OrdinalIgnoreCase)) ForbidOutsideUrls(value);
        if (name is "style") CssRules.Scan(value, Place(), findings);
    }

    private void Reference(string element, string address)
    {
        var target = address.Trim();
        if (target.StartsWith('#'))
        {
            if (element is "use" or "feImage") references.Refer(target[1..]);
            return;
        }
        var isAllowed = WebAddress.Classify(address) switch
        {
            AddressKind.Local => true,
            AddressKind.Data => element is "image" or "feImage" && IsBitmap(target),
            AddressKind.External or AddressKind.Cdn or AddressKind.OtherScheme => element is "a",
            _ => false,
        };
        if (!isAllowed) Forbid($"reference to {WebAddress.Shorten(address)}");
    }

    private void ForbidOutsideUrls(string css)
    {
        foreach (var token in CssTokenizer.Read(css))
        {
            if (token.Kind != CssTokenKind.Url) continue;
            if (token.Text.StartsWith('#')) references.Refer(token.Text[1..]);
            else if (WebAddress.Classify(token.Text) is not (AddressKind.Local or AddressKind.Data))
                Forbid($"reference to {WebAddress.Shorten(token.Text)}");
        }
    }

    private static bool IsBitmap(string address) =>
        !address.StartsWith("data:image/svg", StringComparison.OrdinalIgnoreCase)
        && address.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase);

    private void Forbid(string what) => findings.Forbid(ScanRule.Svg, what, Place());

    private ScanPlace Place()
    {
        var info = (IXmlLineInfo)reader;
        return new ScanPlace(text, text.OffsetOf(info.LineNumber, info.LinePosition), IsVerbatim: false);
    }
}
