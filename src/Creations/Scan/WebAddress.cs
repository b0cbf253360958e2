namespace Remix.Creations.Scan;

internal enum AddressKind
{
    /// <summary>A path on the creation's own origin, or a fragment.</summary>
    Local,

    /// <summary>One of the three allowed CDNs, over https.</summary>
    Cdn,

    /// <summary>Any other host, any other way to name one, and a CDN without https.</summary>
    External,
    Data,
    Blob,
    JavaScript,

    /// <summary>mailto:, tel: and the like.</summary>
    OtherScheme,
}

/// <summary>Reads an address as a browser does: tabs, line ends, backslashes and user names hide nothing.</summary>
internal static class WebAddress
{
    private static readonly string[] CdnHosts = ["cdn.jsdelivr.net", "cdnjs.cloudflare.com", "unpkg.com"];

    public static AddressKind Classify(string address)
    {
        var text = Normalize(address);
        if (text.StartsWith("//", StringComparison.Ordinal)) return AddressKind.External;

        var colon = text.AsSpan().IndexOfAny(":/?#");
        if (colon <= 0 || text[colon] != ':' || !IsScheme(text.AsSpan(0, colon))) return AddressKind.Local;
        return text[..colon].ToLowerInvariant() switch
        {
            "https" => IsCdn(text.AsSpan(colon + 1)) ? AddressKind.Cdn : AddressKind.External,
            "http" or "ws" or "wss" or "ftp" => AddressKind.External,
            "data" => AddressKind.Data,
            "blob" => AddressKind.Blob,
            "javascript" or "vbscript" => AddressKind.JavaScript,
            _ => AddressKind.OtherScheme,
        };
    }

    /// <summary>The path of a local address within the creation, null when it has none.</summary>
    public static string? LocalPath(string address)
    {
        if (Classify(address) != AddressKind.Local) return null;
        var path = Normalize(address);
        var end = path.AsSpan().IndexOfAny("?#");
        path = (end < 0 ? path : path[..end]).TrimStart('/');
        while (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        return path.Length == 0 ? null : Uri.UnescapeDataString(path);
    }

    /// <summary>The host that an external address names, or the address itself, short enough for a message.</summary>
    public static string Shorten(string address)
    {
        var text = Normalize(address);
        return text.Length <= 80 ? text : text[..77] + "...";
    }

    private static string Normalize(string address)
    {
        var text = TrimControls(address);
        if (!text.AsSpan().ContainsAny("\t\n\r\\")) return text;
        var isData = text.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
        text = string.Concat(text.Where(c => c is not ('\t' or '\n' or '\r')));
        return isData ? text : text.Replace('\\', '/');
    }

    private static string TrimControls(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && text[start] <= ' ') start++;
        while (end > start && text[end - 1] <= ' ') end--;
        return text[start..end];
    }

    private static bool IsCdn(ReadOnlySpan<char> afterScheme)
    {
        if (!afterScheme.StartsWith("//")) return false;
        var host = afterScheme[2..];
        var end = host.IndexOfAny("/?#");
        if (end >= 0) host = host[..end];
        foreach (var cdn in CdnHosts)
        {
            if (host.Equals(cdn, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetter(text[0])) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')) return false;
        }
        return true;
    }
}
