namespace Remix.Creations.Serving;

/// <summary>
/// The script that ties a creation's page to the feed around it. Put in after the scan, which forbids creations to speak
/// to their parent themselves.
/// </summary>
internal static class Bridge
{
    private static readonly Lazy<string> Script = new(() =>
    {
        using var reader = new StreamReader(typeof(Bridge).Assembly.GetManifestResourceStream("serving/bridge.js")!);
        var lines = reader.ReadToEnd().Split('\n').Select(line => line.TrimStart()).Where(line => !line.StartsWith("//", StringComparison.Ordinal));

        // One line, so that an error tells the line that its author wrote.
        return $"<script>{string.Join(' ', lines).Trim()}</script>";
    });

    /// <summary>First in the head, or before everything where the page names no head: it must run before the page's own scripts.</summary>
    /// <param name="more">What comes right behind it.</param>
    public static string InjectInto(string page, string more = "")
    {
        var head = EndOfTag(page, "<head");
        var at = head >= 0 ? head : Math.Max(EndOfTag(page, "<html"), EndOfTag(page, "<!doctype"));
        return at < 0 ? Script.Value + more + page : page.Insert(at, Script.Value + more);
    }

    /// <summary>Where the first tag of that name ends, comments left out; -1 when there is none.</summary>
    private static int EndOfTag(string page, string tag)
    {
        for (var at = 0; (at = page.IndexOf('<', at)) >= 0; at++)
        {
            if (page.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal))
            {
                var end = page.IndexOf("-->", at + 4, StringComparison.Ordinal);
                if (end < 0)
                {
                    return -1;
                }

                at = end;
            }
            else if (page.AsSpan(at).StartsWith(tag, StringComparison.OrdinalIgnoreCase) && at + tag.Length < page.Length
                && page[at + tag.Length] is '>' or ' ' or '\n' or '\r' or '\t')
            {
                return page.IndexOf('>', at) is var close and >= 0 ? close + 1 : -1;
            }
            else if (page.AsSpan(at).StartsWith("<body", StringComparison.OrdinalIgnoreCase)
                || page.AsSpan(at).StartsWith("<script", StringComparison.OrdinalIgnoreCase))
            {
                return -1;
            }
        }

        return -1;
    }
}
