using AngleSharp.Dom;

namespace Remix.Creations.Scan.Pages;

/// <summary>
/// What a reader's phone must fetch before the page stands: index.html and the local scripts, styles and images that it
/// names itself, each once. Sound and film stream, and data is fetched later: neither counts.
/// </summary>
internal static class PageWeight
{
    public static long Of(ScanSubject subject, ScanFile index, INode document)
    {
        var paths = HtmlReader.Elements(document).SelectMany(Addresses).Select(WebAddress.LocalPath)
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        return index.Size + subject.Files.Where(file => paths.Contains(file.Path) && file != index)
            .Sum(file => file.Size);
    }

    private static IEnumerable<string> Addresses(IElement element) => element.LocalName switch
    {
        "script" or "img" or "input" => Values(element, "src"),
        "image" => Values(element, "href", "xlink:href"),
        "video" => Values(element, "poster"),
        "link" when (element.GetAttribute("rel") ?? "").Contains("stylesheet", StringComparison.OrdinalIgnoreCase)
            => Values(element, "href"),
        _ => [],
    };

    private static IEnumerable<string> Values(IElement element, params string[] names) =>
        names.Select(element.GetAttribute).OfType<string>();
}
