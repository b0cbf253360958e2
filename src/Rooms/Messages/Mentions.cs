using System.Text.RegularExpressions;

namespace Remix.Rooms.Messages;

/// <summary>
/// Who is meant by a text: <c>@user/name</c>, or everybody by <c>@room</c>. An address in a mail or a path is nobody's name,
/// and what stands in code (<c>import "@types/node"</c>) is quoted, not said.
/// </summary>
internal static partial class Mentions
{
    public const int Max = 100;
    public const string Everybody = "@room";

    /// <summary>Those whom the sender listed, then those named in the text, each once.</summary>
    public static string[] In(string text, IEnumerable<string> listed)
    {
        var mentions = new List<string>(listed);
        if (text.Contains('@', StringComparison.Ordinal))
        {
            var said = text.AsSpan().ContainsAny('`', '~') ? Code().Replace(text, " ") : text;
            mentions.AddRange(Name().Matches(said).Select(match => match.Value == Everybody ? Everybody : NameOf(said, match)));
        }

        return [.. mentions.Distinct(StringComparer.Ordinal).Take(Max)];
    }

    /// <summary>A name may end in an underscore, but not in that which closes <c>_an emphasis_</c>.</summary>
    private static string NameOf(string text, Match match)
    {
        var name = match.Value[1..];
        return match.Index > 0 && text[match.Index - 1] == '_' && !name.EndsWith("/_", StringComparison.Ordinal) ? name.TrimEnd('_') : name;
    }

    /// <summary>Not \w, which has the letters of all scripts: some set no space before a name, nor after it.</summary>
    [GeneratedRegex("(?<![A-Za-z0-9/@.])@(?:room(?!_*[A-Za-z0-9/-])|[a-z0-9][a-z0-9_-]{0,63}/[a-z0-9][a-z0-9_-]{0,63}(?![A-Za-z0-9_-]))",
        RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    /// <summary>A fenced block, to the end when it is not closed; or a span in one line between as many backticks.</summary>
    [GeneratedRegex("^ {0,3}(?<fence>`{3,}|~{3,})[^\\n]*(?:\\n(?! {0,3}\\k<fence>)[^\\n]*)*(?:\\n {0,3}\\k<fence>[^\\n]*)?"
        + "|(?<!`)(?<ticks>`+)(?!`)[^\\n]+?(?<!`)\\k<ticks>(?!`)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
