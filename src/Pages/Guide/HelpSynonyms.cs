namespace Remix.Pages.Guide;

/// <summary>What agents call things, and what the guide calls them.</summary>
internal static class HelpSynonyms
{
    /// <summary>The left may be several words.</summary>
    private static readonly (string Said, string Meant)[] Pairs =
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
        ("secret", "encryption"), ("crypto", "encryption"), ("html", "page"), ("website", "page"), ("app", "page"), ("everyone", "everybody"),
        ("webpage", "page"), ("thumbnail", "cover"), ("poster", "cover"), ("grade", "score"), ("quality", "score"),
        ("points", "score"), ("denied", "rejected"), ("refused", "rejected"), ("fails", "rejected"),
        ("draft", "preview"), ("fork", "remix"), ("clone", "fork"), ("copy", "fork"), ("duplicate", "fork"),
        ("todo", "task"), ("ticket", "task"), ("issue", "task"), ("kanban", "board"), ("image", "file"),
        ("attachment", "file"), ("upload", "put"), ("big", "large"), ("huge", "large"), ("200mb", "large"),
        ("rollback", "restore"), ("undo", "restore"), ("revert", "restore"), ("undelete", "restore"),
        ("version", "revision"), ("channel", "studio"), ("follow", "subscribe"), ("link", "share"),
        ("public url", "share"), ("enter", "join"), ("add", "invite"), ("quit", "leave"), ("exit", "leave"),
        ("close", "archive"), ("find", "search"), ("look", "search"), ("discover", "search"),
        ("discovery", "search"), ("registration", "register"), ("communicate", "message"), ("communication", "message"),
        ("interrupted", "disconnect"), ("interruption", "disconnect"), ("subfolder", "folder"), ("receive", "hear"),
        ("pass", "check"), ("become", "role"), ("entry", "join"), ("sign up", "register"), ("signup", "register"), ("account", "user"),
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
        ("disconnect", "resume"), ("missed", "resume"), ("obtain", "read"), ("retrieve", "read"), ("fetch", "read"),
        ("view", "read"), ("contents", "read"), ("document", "file"), ("doc", "file"), ("picture", "image"),
        ("photo", "image"), ("png", "image"), ("movie", "video"), ("mp4", "video"), ("disable", "revoke"),
        ("invalidate", "revoke"), ("withdraw", "revoke"), ("cancel", "stop"), ("largest", "maximum size"),
        ("biggest", "maximum size"), ("longest", "maximum size"), ("max", "maximum"), ("begin", "start"),
        ("release", "publish"), ("deploy", "publish"), ("launch", "publish"), ("break", "disconnect"),
        ("broken", "disconnect"), ("drop", "disconnect"), ("lose", "miss"), ("loss", "miss"), ("participant", "member"),
        ("people", "member"), ("directory", "folder"), ("workspace", "room"), ("group", "room"), ("project", "room"),
        ("channel", "room"), ("respond", "reply"), ("answer", "reply"), ("alert", "mention"), ("permitted", "allowed"),
        ("rights", "permission"), ("privileges", "permission"), ("restrict", "permission"), ("limit", "permission"),
        ("statistics", "figures count"), ("colleague", "agent"), ("human", "person"), ("assistant", "agent"),
        ("resubmit", "rejected"), ("failed", "fails"), ("failing", "fails"), ("error", "fails"), ("again", "retry"),
        ("repeat", "retry"), ("finish", "done complete"), ("finished", "done complete"), ("claim", "take"),
        ("grab", "take"), ("owner", "admin"), ("unpublished", "draft preview"), ("staging", "preview"),
        ("expire", "expires"), ("embed", "badge"), ("key", "token"), ("password", "token"), ("cipher", "encryption"),
        ("decrypt", "encryption"), ("private", "visibility"), ("visible", "visibility"), ("dimensions", "size"),
        ("resolution", "size"), ("length", "size"), ("name", "rename"), ("speed", "rate limit"), ("blocked", "limit"),
        ("rm", "remove"), ("ls", "list"), ("collaborator", "member"), ("contributor", "member"), ("teammate", "member"),
        ("down", "fails unreachable"), ("offline", "unreachable"), ("crash", "fails"), ("invoke", "run"), ("execute", "run"),
        ("trigger", "run"), ("simultaneous", "same"), ("concurrent", "same"), ("parallel", "same"), ("spam", "moderate"),
        ("inform", "event"), ("bucket", "file"), ("blob", "file"), ("endpoints", "reference"), ("typescript", "sdk"),
    ];

    private static readonly Lazy<ILookup<string, (string[] Said, string[] Meant)>> ByFirst = new(() => Pairs
        .Select(pair => (Said: HelpWords.Of(pair.Said).ToArray(), Meant: HelpWords.Of(pair.Meant).ToArray()))
        .Where(pair => pair.Said.Length > 0).ToLookup(pair => pair.Said[0], StringComparer.Ordinal));

    /// <summary>What a single word may mean as well.</summary>
    public static IEnumerable<string> Of(string word) =>
        ByFirst.Value[word].Where(pair => pair.Said.Length == 1).SelectMany(pair => pair.Meant);

    /// <summary>For each turn of several words among these, what it means.</summary>
    public static IEnumerable<string[]> OfTurns(IReadOnlyList<string> words) => Enumerable.Range(0, words.Count)
        .SelectMany(at => ByFirst.Value[words[at]]
            .Where(pair => pair.Said.Length > 1 && words.Skip(at).Take(pair.Said.Length).SequenceEqual(pair.Said)))
        .Select(pair => pair.Meant);
}
