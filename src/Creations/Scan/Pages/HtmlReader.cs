using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Text;

namespace Remix.Creations.Scan.Pages;

/// <summary>
/// Parses a page as a browser with scripts would (so that noscript hides nothing), running nothing. Markup that nests
/// or multiplies past the limits is given up while it is being built, before it costs more than its length.
/// </summary>
internal sealed class HtmlReader
{
    /// <summary>Formatting left open is repeated in every later paragraph; a few levels of it are ordinary.</summary>
    private const int RepeatedFormattingMax = 8;

    private IElement? last;
    private int elements;

    private HtmlReader()
    {
    }

    /// <summary>The document, or why it was given up.</summary>
    public static (IHtmlDocument? Document, string? Refusal) Read(string source)
    {
        var reader = new HtmlReader();
        var options = new HtmlParserOptions
        {
            IsScripting = true,
            IsKeepingSourceReferences = true,
            OnCreated = reader.Created,
        };
        try
        {
            return (new HtmlParser(options).ParseDocument(source), null);
        }
        catch (MarkupBombException bomb)
        {
            return (null, bomb.Message);
        }
    }

    /// <summary>All elements in document order, those inside templates too, without recursion.</summary>
    public static IEnumerable<IElement> Elements(INode root)
    {
        var pending = new Stack<INode>([root]);
        while (pending.TryPop(out var node))
        {
            if (node is IElement element) yield return element;
            for (var i = node.ChildNodes.Length - 1; i >= 0; i--) pending.Push(node.ChildNodes[i]);
            if (node is IHtmlTemplateElement template) pending.Push(template.Content);
        }
    }

    private void Created(IElement element, TextPosition position)
    {
        var depth = 0;
        for (INode? node = last; node is not null; node = node.Parent) depth++;
        var repeated = 0;
        for (var node = last?.LastChild; node is not null
            && depth + repeated <= ScanLimits.HtmlDepthMax; node = node.LastChild)
            repeated++;
        if (depth + repeated > ScanLimits.HtmlDepthMax)
            throw new MarkupBombException($"elements nested more than {ScanLimits.HtmlDepthMax} deep");

        elements += 1 + Math.Max(0, repeated - RepeatedFormattingMax);
        if (elements > ScanLimits.HtmlElementsMax)
            throw new MarkupBombException($"more than {ScanLimits.HtmlElementsMax} elements");
        last = element;
    }

    private sealed class MarkupBombException(string message) : Exception(message);
}
