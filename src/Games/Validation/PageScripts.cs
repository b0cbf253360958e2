using System.Net;
using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>A stretch of a page that a browser runs. Handlers in attributes have no place in which they could be mended.</summary>
internal sealed record PageScript(string Code, int Start, JsGoal Goal, bool IsHandler = false);

/// <summary>
/// Cuts a page into what runs and what does not, with the exact place of each, as a browser with scripts reads it: comments,
/// raw text, templates, and the odd rules by which a script ends. One pass, and it never throws.
/// </summary>
internal sealed class PageScripts
{
    private static readonly string[] RawText = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

    private readonly string source;
    private readonly List<PageScript> scripts = [];
    private int templates;
    private int? body;
    private int? html;

    private PageScripts(string source) => this.source = source;

    public IReadOnlyList<PageScript> Scripts => scripts;

    /// <summary>Where a further script can be put so that it runs after all others.</summary>
    public int End => body ?? html ?? source.Length;

    public bool HasViewport { get; private set; }

    /// <summary>The addresses of scripts, pictures, sounds and styles that the page itself names.</summary>
    public List<string> Addresses { get; } = [];

    public static PageScripts Of(string source)
    {
        var page = new PageScripts(source);
        page.Read();
        return page;
    }

    private void Read()
    {
        for (var at = source.IndexOf('<'); at >= 0 && at < source.Length;)
        {
            var next = at + 1 < source.Length ? source[at + 1] : '\0';
            var after = next switch
            {
                '!' => Comment(at),
                '?' => After(source.IndexOf('>', at)),
                '/' when at + 2 < source.Length && char.IsAsciiLetter(source[at + 2]) => EndTag(at),
                _ when char.IsAsciiLetter(next) => StartTag(at),
                _ => at + 1,
            };
            at = after >= source.Length ? -1 : source.IndexOf('<', after);
        }
    }

    private int Comment(int at)
    {
        if (!source.AsSpan(at).StartsWith("<!--"))
        {
            return After(source.IndexOf('>', at));
        }

        if (source.AsSpan(at + 4) is ['>', ..] or ['-', '>', ..])
        {
            return After(source.IndexOf('>', at));
        }

        var (end, other) = (source.IndexOf("-->", at + 4, StringComparison.Ordinal), source.IndexOf("--!>", at + 4, StringComparison.Ordinal));
        return end < 0 && other < 0 ? source.Length : end >= 0 && (other < 0 || end < other) ? end + 3 : other + 4;
    }

    private int EndTag(int at)
    {
        var tag = PageTag.Read(source, at + 2);
        switch (tag.Name)
        {
            case "body": body = at; break;
            case "html": html = at; break;
            case "template" when templates > 0: templates--; break;
        }

        return tag.End;
    }

    private int StartTag(int at)
    {
        var tag = PageTag.Read(source, at + 1);
        if (tag.Name == "template")
        {
            templates++;
        }

        if (templates == 0)
        {
            Attributes(tag);
        }

        if (tag.Name == "plaintext")
        {
            return source.Length;
        }

        if (!RawText.Contains(tag.Name, StringComparer.Ordinal) || tag.End >= source.Length)
        {
            return tag.End;
        }

        var end = tag.Name == "script" ? ScriptEnd(tag.End) : ClosingTag(tag.Name, tag.End);
        if (tag.Name == "script" && templates == 0 && tag["src"] is null && GoalOf(tag) is { } goal)
        {
            scripts.Add(new PageScript(source[tag.End..end], tag.End, goal));
        }

        return end;
    }

    private void Attributes(PageTag tag)
    {
        HasViewport |= tag.Name == "meta" && string.Equals(tag["name"]?.Trim(), "viewport", StringComparison.OrdinalIgnoreCase)
            && tag["content"]?.Contains("width", StringComparison.OrdinalIgnoreCase) == true;
        if ((tag["src"] ?? (tag.Name == "link" ? tag["href"] : null)) is { Length: > 0 } address)
        {
            Addresses.Add(address);
        }

        foreach (var (name, value, start) in tag.Attributes.Where(attribute =>
            attribute.Name.StartsWith("on", StringComparison.Ordinal) && attribute.Name.Length > 2))
        {
            scripts.Add(new PageScript(WebUtility.HtmlDecode(value), start, JsGoal.Script, IsHandler: true));
        }
    }

    private static JsGoal? GoalOf(PageTag tag)
    {
        var type = (tag["type"] ?? "").Trim().ToLowerInvariant();
        return type switch
        {
            "module" => JsGoal.Module,
            "" or "text/javascript" or "application/javascript" or "application/x-javascript" or "text/ecmascript"
                or "application/ecmascript" or "text/x-javascript" or "text/jscript" => JsGoal.Script,
            _ => null,
        };
    }

    /// <summary>A script that opens a comment and a further script in it ends at the second end tag.</summary>
    private int ScriptEnd(int at)
    {
        var end = ClosingTag("script", at);
        while (end < source.Length)
        {
            var open = source.LastIndexOf("<!--", end, end - at, StringComparison.Ordinal);
            if (open < at || source.IndexOf("-->", open, end - open, StringComparison.Ordinal) >= 0
                || source.IndexOf("<script", open, end - open, StringComparison.OrdinalIgnoreCase) < 0)
            {
                return end;
            }

            var further = ClosingTag("script", end + 1);
            if (further >= source.Length)
            {
                return end;
            }

            end = further;
        }

        return end;
    }

    private int ClosingTag(string name, int at)
    {
        for (var end = at; (end = source.IndexOf("</" + name, end, StringComparison.OrdinalIgnoreCase)) >= 0; end++)
        {
            var after = end + 2 + name.Length;
            if (after >= source.Length || source[after] is '>' or '/' or ' ' or '\t' or '\n' or '\r' or '\f')
            {
                return end;
            }
        }

        return source.Length;
    }

    private int After(int found) => found < 0 ? source.Length : found + 1;
}
