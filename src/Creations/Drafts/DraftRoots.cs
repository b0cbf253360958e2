using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Html;
using AngleSharp.Html.Dom;
using Remix.Creations.Scan.Pages;
using Remix.Creations.Serving;

namespace Remix.Creations.Drafts;

/// <summary>
/// Addresses that begin with <c>/</c>. Published, a folder is the root of a host; in a preview it lies below a token,
/// which a page without an origin could send in no other way. So such addresses are written anew as the page goes out.
/// </summary>
internal static partial class DraftRoots
{
    private const string OurPaths = "/__remix/";

    private static readonly string[] AddressNames =
        ["src", "href", "action", "formaction", "poster", "data", "background", "xlink:href", "srcset", "imagesrcset", "style"];

    private static readonly Lazy<string> Script = new(() =>
    {
        using var reader = new StreamReader(typeof(DraftRoots).Assembly.GetManifestResourceStream("drafts/roots.js")!);
        var lines = reader.ReadToEnd().Split('\n').Select(line => line.TrimStart()).Where(line => !line.StartsWith("//", StringComparison.Ordinal));
        return string.Join('\n', lines).Trim();
    });

    /// <summary>The page with its bridge, whose root is <paramref name="root"/> (which ends with a slash).</summary>
    public static string InPage(string page, string root)
    {
        using var document = HtmlReader.Read(page).Document;
        if (document is null)
        {
            return Bridge.InjectInto(page);
        }

        var changed = false;
        var hasMap = false;
        foreach (var element in HtmlReader.Elements(document))
        {
            hasMap |= element is IHtmlScriptElement && string.Equals(element.GetAttribute("type"), "importmap", StringComparison.OrdinalIgnoreCase);
            foreach (var attribute in element.Attributes.Where(attribute => AddressNames.Contains(attribute.Name, StringComparer.Ordinal)).ToList())
            {
                changed |= Set(attribute.Value, InAttribute(attribute.Name, attribute.Value, root), value => attribute.Value = value);
            }

            if (element is IHtmlStyleElement)
            {
                changed |= Set(element.TextContent, InStyle(element.TextContent, root), value => element.TextContent = value);
            }
        }

        // What names no such address goes out as it was written.
        var written = changed ? document.ToHtml(HtmlMarkupFormatter.Instance) : page;
        return Bridge.InjectInto(written, Head(root, hasMap));
    }

    public static string InStyle(string css, string root) => InStyle().Replace(css, match => $"{match.Groups["before"].Value}{root}");

    /// <summary>Modules import through a map; what is asked for at run time goes through a script.</summary>
    private static string Head(string root, bool hasMap)
    {
        // What lies below the token already, and what is ours, stays as it is: the longer name counts.
        var below = root[..(root.IndexOf('/', root.IndexOf('~', StringComparison.Ordinal)) + 1)];
        var map = JsonSerializer.Serialize(new
        {
            imports = new Dictionary<string, string>(StringComparer.Ordinal) { ["/"] = root, [below] = below, [OurPaths] = OurPaths },
        });
        return $"<script data-root=\"{WebUtility.HtmlEncode(root)}\">{Script.Value}</script>"
            + (hasMap ? "" : $"<script type=\"importmap\">{map}</script>");
    }

    private static string InAttribute(string name, string value, string root) => name switch
    {
        "style" => InStyle(value, root),
        "srcset" or "imagesrcset" => InList().Replace(value, match => $"{match.Groups["before"].Value}{root}"),
        _ => IsRoot(value.Trim()) ? root + value.Trim()[1..] : value,
    };

    private static bool IsRoot(string address) => address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal)
        && !address.StartsWith("/\\", StringComparison.Ordinal) && !address.StartsWith(OurPaths, StringComparison.Ordinal);

    private static bool Set(string before, string after, Action<string> set)
    {
        if (before == after)
        {
            return false;
        }

        set(after);
        return true;
    }

    [GeneratedRegex("""(?<before>url\(\s*["']?|@import\s+["'])/(?!/|\\|__remix/)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex InStyle();

    [GeneratedRegex(@"(?<before>^\s*|,\s+)/(?!/|\\|__remix/)", RegexOptions.ExplicitCapture)]
    private static partial Regex InList();
}
