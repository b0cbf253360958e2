using System.Text.RegularExpressions;

namespace Remix.Games.Serving;

/// <summary>
/// Puts our SDK into a game: known addresses of the public package become ours, and a game that loads none of them gets the
/// script before its own.
/// </summary>
internal static partial class SdkInjection
{
    private const string Script = "./__remix/" + SdkFiles.ScriptName;
    private const string Module = "./__remix/" + SdkFiles.ModuleName;
    private const string Tag = $"<script src=\"{Script}\"></script>";
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex("""(https?:)?//[a-z0-9.-]+/(npm/|gh/|-/|pin/)?@farcade/game-sdk(@[\w.^~*+-]+)?(/[\w./+@-]*)?(\?[^"'`\s<>)]*)?""", Options)]
    private static partial Regex Address();

    [GeneratedRegex("""<script\b[^>]*?\bsrc\s*=\s*["']?\s*(?<address>(https?:)?//[a-z0-9.-]+/(npm/|gh/|-/|pin/)?@farcade/game-sdk[^"'\s>]*)["']?[^>]*>""", Options)]
    private static partial Regex ScriptTag();

    [GeneratedRegex("""\s(integrity|crossorigin)(\s*=\s*("[^"]*"|'[^']*'|[^\s>]+))?""", Options)]
    private static partial Regex Integrity();

    /// <summary>The page with our addresses in the place of those of the public package. A page without any stays as it is.</summary>
    public static string Rewrite(string page)
    {
        if (!page.Contains("@farcade/game-sdk", StringComparison.OrdinalIgnoreCase))
        {
            return page;
        }

        // Our script is another one than the author's hash was made of.
        page = ScriptTag().Replace(page, tag => Integrity().Replace(tag.Value.Replace(tag.Groups["address"].Value, Script,
            StringComparison.Ordinal), ""));
        return Address().Replace(page, Module);
    }

    /// <summary>For a page that may be a game: one that names the SDK, or whose scripts do.</summary>
    public static string IntoPage(string page, IReadOnlyList<string> scripts) => Names(page) || scripts.Any(Names) ? IntoGame(page) : page;

    /// <summary>Whether a page as it is served has our SDK in it.</summary>
    public static bool IsIn(string page) => page.Contains(Script, StringComparison.Ordinal);

    private static bool Names(string code) => code.Contains("FarcadeSDK", StringComparison.Ordinal)
        || code.Contains("RemixSDK", StringComparison.Ordinal) || code.Contains("@farcade/game-sdk", StringComparison.OrdinalIgnoreCase)
        || code.Contains("__remix/" + SdkFiles.ModuleName, StringComparison.Ordinal);

    public static string IntoGame(string page)
    {
        page = Rewrite(page);
        return page.Contains(Script, StringComparison.Ordinal) && IsFirst(page) ? page : page.Insert(Place(page), Tag);
    }

    /// <summary>Whether the first script of the page is ours already.</summary>
    private static bool IsFirst(string page)
    {
        var first = page.IndexOf("<script", StringComparison.OrdinalIgnoreCase);
        return first >= 0 && page.IndexOf(Script, first, StringComparison.Ordinal) is var at and >= 0 && at < page.IndexOf('>', first);
    }

    /// <summary>First in the head, or else before everything that could run; comments hold no head.</summary>
    private static int Place(string page)
    {
        var place = 0;
        for (var at = 0; (at = page.IndexOf('<', at)) >= 0;)
        {
            var rest = page.AsSpan(at);
            if (rest.StartsWith("<!--"))
            {
                at = page.IndexOf("-->", at + 4, StringComparison.Ordinal);
                if (at < 0)
                {
                    return place;
                }

                continue;
            }

            if (!IsTag(rest, "!doctype") && !IsTag(rest, "html") && !IsTag(rest, "head"))
            {
                return place;
            }

            var close = page.IndexOf('>', at);
            if (close < 0)
            {
                return place;
            }

            place = at = close + 1;
            if (IsTag(rest, "head"))
            {
                return place;
            }
        }

        return place;
    }

    private static bool IsTag(ReadOnlySpan<char> text, string name) => text.Length > name.Length + 1
        && text[1..].StartsWith(name, StringComparison.OrdinalIgnoreCase) && text[name.Length + 1] is '>' or ' ' or '\n' or '\r' or '\t' or '/';
}
