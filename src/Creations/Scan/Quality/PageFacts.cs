using AngleSharp.Dom;
using Remix.Creations.Scan.Pages;

namespace Remix.Creations.Scan.Quality;

/// <summary>What can be counted on a page: elements by name, words, and the facts of its styles.</summary>
internal sealed class PageFacts
{
    private const int ScriptedCharactersMin = 1_000;

    private static readonly HashSet<string> SemanticNames = new(StringComparer.Ordinal)
    {
        "main", "article", "section", "header", "footer", "nav", "figure", "aside", "ul", "ol", "dl", "table",
        "details",
        "blockquote", "time", "figcaption",
    };

    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);

    private PageFacts(INode page, ScanSubject subject)
    {
        var elements = HtmlReader.Elements(page).ToList();
        foreach (var element in elements)
        {
            names[element.LocalName] = names.GetValueOrDefault(element.LocalName) + 1;
            HasHandlers |= element.Attributes.Any(attribute =>
                attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        }
        Text = PageText.Of(page);
        Words = PageText.CountWords(Text);
        Title = First(elements, "title")?.TextContent.Trim() ?? "";
        HasLanguage = First(elements, "html")?.GetAttribute("lang") is { Length: > 0 };
        HasViewport = elements.Any(element => element.LocalName is "meta" && element.GetAttribute("name") is "viewport"
            && (element.GetAttribute("content") ?? "").Contains("device-width", StringComparison.Ordinal));
        ImagesWithoutAlt = elements.Count(element => element.LocalName is "img" && !element.HasAttribute("alt"));
        WideAttributes = elements.Count(element => element.LocalName is "img" or "table" or "video" or "canvas" or "td"
            && int.TryParse(element.GetAttribute("width"), out var width) && width > StyleFacts.PhoneWidthPx);
        HasCdnStyles = elements.Any(element => element.LocalName is "link"
            && WebAddress.Classify(element.GetAttribute("href") ?? "") == AddressKind.Cdn);
        Scripted = elements.Where(element => element.LocalName is "script").Sum(element => element.TextContent.Length
            + (Local(subject, element, "src")?.Size ?? 0));
        Styles = StyleFacts.Of(Sources(elements, subject));
    }

    public string Text { get; }

    public int Words { get; }

    public string Title { get; }

    public bool HasLanguage { get; }

    public bool HasViewport { get; }

    public bool HasHandlers { get; }

    public bool HasCdnStyles { get; }

    public int ImagesWithoutAlt { get; }

    public int WideAttributes { get; }

    public long Scripted { get; }

    public StyleFacts Styles { get; }

    public bool IsInteractive => HasHandlers || Scripted > 0 || Count("details") + Count("input") + Count("select") > 0;

    /// <summary>A page whose content is drawn by a script, on a canvas or as SVG, shows more than its words.</summary>
    public bool IsDrawn =>
        Scripted >= ScriptedCharactersMin || Count("canvas") + Count("svg") + Count("video") + Count("audio") > 0;

    public int Semantic => names.Keys.Count(SemanticNames.Contains);

    public int Count(string name) => names.GetValueOrDefault(name);

    /// <summary>The facts of index.html; null when there is none that can be read.</summary>
    public static PageFacts? Of(ScanSubject subject) =>
        PageText.PageOf(subject.Find(ScanSubject.EntryPoint)) is { } page ? new PageFacts(page, subject) : null;

    private static IElement? First(List<IElement> elements, string name) =>
        elements.Find(element => name.Equals(element.LocalName, StringComparison.Ordinal));

    private static IEnumerable<string> Sources(List<IElement> elements, ScanSubject subject)
    {
        var linked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in elements)
        {
            if (element.LocalName is "style") yield return element.TextContent;
            else if (element.LocalName is "link" && Local(subject, element, "href") is { Extension: ".css" } file
                && file.Size <= ScanLimits.TextFileBytesMax && linked.Add(file.Path))
                yield return ScanText.Of(file).Source;
            if (element.GetAttribute("style") is { } inline) yield return $";{inline};";
        }
    }

    private static ScanFile? Local(ScanSubject subject, IElement element, string attribute) =>
        element.GetAttribute(attribute) is { } address
            && WebAddress.LocalPath(address) is { } path ? subject.Find(path) : null;
}
