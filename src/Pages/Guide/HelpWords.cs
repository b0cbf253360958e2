using System.Globalization;
using System.Text;

namespace Remix.Pages.Guide;

/// <summary>Cuts text into the words that are searched for: lower case, without accents and endings, without little words.</summary>
internal static class HelpWords
{
    private static readonly HashSet<string> Little = new(StringComparer.Ordinal)
    {
        "a", "an", "the", "is", "are", "was", "be", "been", "am", "do", "does", "did", "how", "what", "when",
        "where", "which", "who", "why", "can", "could", "should", "would", "will", "may", "must", "i", "me", "my",
        "we", "our", "you", "your", "it", "its", "they", "them", "their", "this", "that", "these", "those", "to",
        "of", "in", "on", "at", "for", "from", "with", "by", "and", "or", "as", "if", "so", "but", "there", "here",
        "have", "has", "had", "get", "got", "want", "need", "please", "use", "using", "way", "via", "into", "than",
        "then", "just", "let", "s", "t", "m", "ve", "re", "im", "not", "no", "don", "doesn", "any", "some", "about",
        "now", "still", "also", "server", "call", "work", "make", "one", "another", "between", "difference",
        "somebody", "someone",
    };

    /// <summary>What agents call things, and what the guide calls them. The left may be several words.</summary>
    private static readonly (string Said, string Meant)[] Synonyms =
    [
        ("post", "send"), ("write", "send"), ("say", "send"), ("talk", "message"), ("chat", "message"),
        ("conversation", "message"), ("post message", "send message"), ("dm", "direct"), ("pm", "direct"),
        ("private message", "direct"), ("whisper", "direct"), ("kick", "remove"), ("ban", "remove"),
        ("throw out", "remove"), ("expel", "remove"), ("evict", "remove"), ("rename", "change name"),
        ("edit", "change"), ("update", "change"), ("modify", "change"), ("set", "change"), ("schedule", "timer"),
        ("cron", "timer"), ("later", "timer"), ("delete", "remove"), ("erase", "remove"), ("destroy", "delete"),
        ("lost", "recover"), ("forgot", "recover"), ("leaked", "regenerate"), ("stolen", "regenerate"),
        ("rotate", "regenerate"), ("401", "unauthorized token"), ("403", "forbidden permission"), ("404", "missing"),
        ("409", "conflict"), ("413", "too large"), ("429", "rate limit"), ("throttled", "rate limit"),
        ("too many requests", "rate limit"), ("quota", "limit"), ("maximum", "limit"), ("hmac", "signature"),
        ("verify", "signature check"), ("callback", "webhook"), ("notification", "event"), ("notify", "event"),
        ("subscribe events", "event"), ("socket", "websocket"), ("sse", "stream"), ("live", "realtime"),
        ("listen", "hear"), ("poll", "long poll"), ("polling", "long poll"), ("e2e", "encryption"),
        ("secret", "encryption"), ("crypto", "encryption"), ("html", "page"), ("website", "page"), ("app", "page"),
        ("webpage", "page"), ("thumbnail", "cover"), ("poster", "cover"), ("grade", "score"), ("quality", "score"),
        ("points", "score"), ("denied", "rejected"), ("refused", "rejected"), ("fails", "rejected"),
        ("draft", "preview"), ("fork", "remix"), ("clone", "fork"), ("copy", "fork"), ("duplicate", "fork"),
        ("todo", "task"), ("ticket", "task"), ("issue", "task"), ("kanban", "board"), ("image", "file"),
        ("attachment", "file"), ("upload", "put"), ("big", "large"), ("huge", "large"), ("200mb", "large"),
        ("rollback", "restore"), ("undo", "restore"), ("revert", "restore"), ("undelete", "restore"),
        ("version", "revision"), ("channel", "studio"), ("follow", "subscribe"), ("link", "share"),
        ("public url", "share"), ("enter", "join"), ("add", "invite"), ("quit", "leave"), ("exit", "leave"),
        ("close", "archive"), ("find", "search"), ("look", "search"), ("discover", "search"),
        ("discovery", "search"), ("sign up", "register"), ("signup", "register"), ("account", "user"),
        ("login", "token"), ("api key", "token"), ("credential", "token"), ("auth", "token"),
        ("authenticate", "token"), ("authorization", "token"), ("bot", "agent"), ("thread", "reply"),
        ("tag someone", "mention"), ("ping", "mention"), ("typo", "edit"), ("bulk", "batch"), ("many", "batch"),
        ("several", "batch"), ("online", "available"), ("presence", "available"), ("busy", "available"),
        ("revise", "revision new version"), ("approve", "moderate review"), ("admin", "role"), ("moderator", "role"),
        ("paginate", "page limit"), ("pagination", "pages cursor"), ("next page", "cursor pages"),
        ("percent", "progress"), ("status", "progress"), ("badge", "badge"), ("javascript", "script"),
        ("library", "cdn"), ("font", "cdn"), ("localstorage", "sandbox"), ("cookies", "sandbox"),
        ("iframe", "frame"), ("mobile", "phone"), ("animation", "animated"), ("size", "limit"),
        ("join request", "request"), ("private room", "visibility"), ("public", "open visibility"),
        ("hidden", "private"), ("star", "vote"), ("upvote", "vote"), ("like", "like"), ("reconnect", "resume"),
        ("disconnect", "resume"), ("missed", "resume"),
    ];

    private static readonly Lazy<List<(string[] Said, string[] Meant)>> Table = new(() =>
        [.. Synonyms.Select(pair => (Said: Of(pair.Said).ToArray(), Meant: Of(pair.Meant).ToArray()))
            .Where(pair => pair.Said.Length > 0)]);

    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (var letter in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(letter))
            {
                word.Append(char.ToLowerInvariant(letter));
            }
            else if (letter is not ('\'' or '’') && CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                if (Taken(word) is { } taken)
                {
                    yield return taken;
                }
            }
        }

        if (Taken(word) is { } last)
        {
            yield return last;
        }
    }

    /// <summary>What else the words may mean.</summary>
    public static IEnumerable<string> Meant(IReadOnlyList<string> words) => Table.Value
        .Where(pair => Holds(words, pair.Said)).SelectMany(pair => pair.Meant).Except(words, StringComparer.Ordinal);

    private static bool Holds(IReadOnlyList<string> words, string[] phrase) => Enumerable.Range(0, Math.Max(0, words.Count - phrase.Length + 1))
        .Any(start => phrase.Select((word, i) => words[start + i] == word).All(same => same));

    private static string? Taken(StringBuilder word)
    {
        var text = word.ToString();
        word.Clear();
        return text.Length == 0 || Little.Contains(text) ? null : Stem(text);
    }

    /// <summary>
    /// The endings that English puts on its words; wrong where it is irregular, but the same on both sides. A creation is a
    /// thing of ours.
    /// </summary>
    private static string Stem(string word)
    {
        if (word is "creation" or "creations")
        {
            return "creation";
        }

        var stem = word switch
        {
            { Length: > 4 } when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
            { Length: > 3 } when word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') => word[..^1],
            _ => word,
        };
        foreach (var ending in new[] { "ation", "ing", "ion", "ed", "er" })
        {
            if (stem.Length >= ending.Length + 4 && stem.EndsWith(ending, StringComparison.Ordinal))
            {
                stem = stem[..^ending.Length];
                stem = stem[^1] == stem[^2] && stem[^1] is not ('s' or 'l') ? stem[..^1] : stem;
                break;
            }
        }

        return stem.Length > 3 && stem[^1] == 'e' ? stem[..^1] : stem;
    }
}
