using System.Xml;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Remix.Creations.Scan.Pages;

/// <summary>
/// An XML file as a browser that opens it understands it: elements in the namespaces of XHTML, SVG and MathML are what
/// they are in a page, all others are data. Built node by node, so that <see cref="HtmlRules"/> sees what an HTML parser,
/// which reads the same characters otherwise, would not.
/// </summary>
internal sealed class XmlPage
{
    private const string XLink = "http://www.w3.org/1999/xlink";

    private static readonly HashSet<string> Rendered = new(StringComparer.Ordinal)
    {
        "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML",
    };

    private static readonly XmlReaderSettings Settings = new()
    {
        // Parse, so that a document type is a node that can be judged; nothing is ever resolved or expanded.
        DtdProcessing = DtdProcessing.Parse,
        XmlResolver = null,
        MaxCharactersFromEntities = 1,
        CloseInput = true,
    };

    private readonly ScanText text;
    private readonly Findings findings;
    private readonly IHtmlDocument document = new HtmlParser().ParseDocument("");
    private int elements;

    private XmlPage(ScanText text, Findings findings) => (this.text, this.findings) = (text, findings);

    public static void Scan(ScanText text, Findings findings)
    {
        var page = new XmlPage(text, findings);
        using (page.document)
        {
            try
            {
                page.Read();
            }
            catch (XmlException broken)
            {
                // A browser shows, and runs, what comes before the mistake.
                findings.Refuse(ScanRule.Xml, $"{text.Path} is not well-formed XML at line {broken.LineNumber}", text.Path);
                return;
            }

            new HtmlRules(text, findings).Scan(page.document);
        }
    }

    private void Read()
    {
        using var reader = XmlReader.Create(new StringReader(text.Source), Settings);
        INode place = document.Body!;
        while (reader.Read() && !findings.IsFull)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.DocumentType when reader.Value.Length > 0:
                    Forbid(reader, "<!DOCTYPE> with declarations of its own");
                    return;
                case XmlNodeType.ProcessingInstruction when reader.Name is "xml-stylesheet":
                    Forbid(reader, "<?xml-stylesheet?>");
                    break;
                case XmlNodeType.Element:
                    var isEmpty = reader.IsEmptyElement;
                    if (++elements > ScanLimits.HtmlElementsMax || reader.Depth > ScanLimits.HtmlDepthMax)
                    {
                        findings.Refuse(ScanRule.Limits, $"{text.Path} has more than {ScanLimits.HtmlElementsMax} elements, or nests them more "
                            + $"than {ScanLimits.HtmlDepthMax} deep", text.Path);
                        return;
                    }

                    var element = Element(reader);
                    place.AppendChild(element);
                    place = isEmpty ? place : element;
                    break;
                case XmlNodeType.EndElement:
                    place = place.Parent!;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    place.AppendChild(document.CreateTextNode(reader.Value));
                    break;
            }
        }
    }

    private IElement Element(XmlReader reader)
    {
        if (!Rendered.Contains(reader.NamespaceURI))
        {
            return document.CreateElement("data");
        }

        var element = document.CreateElement(reader.NamespaceURI, reader.LocalName);
        while (reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI is "" or XLink)
            {
                element.SetAttribute(reader.NamespaceURI is XLink ? $"xlink:{reader.LocalName}" : reader.LocalName, reader.Value);
            }
        }

        reader.MoveToElement();
        return element;
    }

    private void Forbid(XmlReader reader, string what)
    {
        var info = (IXmlLineInfo)reader;
        findings.Forbid(ScanRule.Xml, what, new ScanPlace(text, text.OffsetOf(info.LineNumber, info.LinePosition), IsVerbatim: false));
    }
}
