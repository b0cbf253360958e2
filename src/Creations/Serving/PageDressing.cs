namespace Remix.Creations.Serving;

/// <summary>
/// What a module above adds to pages on their way to being served, after the scan and before the bridge; it returns a page
/// that does not concern it as it is. It sees the scripts that lie beside the page, too. Registered as a singleton.
/// </summary>
public sealed record PageAddition(Func<string, IReadOnlyList<string>, string> Apply);

/// <summary>A file of ours that every creation's own host serves under <c>/__remix/</c>. Registered as a singleton.</summary>
public sealed record HostFile(string Name, string ContentType, byte[] Content);

/// <summary>Turns a page as it was written into the page that is served, and says under which policy.</summary>
public sealed class PageDressing
{
    private readonly IReadOnlyList<PageAddition> additions;

    internal PageDressing(IEnumerable<PageAddition> additions, ContentPolicy policy)
    {
        (this.additions, Policy) = ([.. additions], policy.Page);
    }

    /// <summary>The Content-Security-Policy of pages and everything in them.</summary>
    public string Policy { get; }

    /// <summary>The page that a folder opens with.</summary>
    public const string EntryPoint = Scan.ScanSubject.EntryPoint;

    /// <summary>Whether a file is one that the page may run; a worker's code runs elsewhere.</summary>
    public static bool IsScript(string path) => path != "worker.js"
        && (path.EndsWith(".js", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".mjs", StringComparison.OrdinalIgnoreCase));

    public string Dress(string page, IReadOnlyList<string> scripts) => Bridge.InjectInto(WithAdditions(page, scripts));

    /// <summary>Without the bridge: a page that nobody swipes past.</summary>
    public string WithAdditions(string page, IReadOnlyList<string> scripts) =>
        additions.Aggregate(page, (dressed, addition) => addition.Apply(dressed, scripts));
}
