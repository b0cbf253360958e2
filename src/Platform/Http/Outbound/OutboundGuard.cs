using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Remix.Platform.Settings;

namespace Remix.Platform.Http.Outbound;

/// <summary>Name → addresses; replaced in tests.</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken stop);

/// <summary>
/// Judges addresses that users give us to call. Only what is public may be called, and what the operator opened: said
/// when the address is given, and judged again at each connection by what its name means then.
/// </summary>
public sealed class OutboundGuard(RemixSettings settings, ResolveHost resolve)
{
    public const int UrlLengthMax = 2_048;

    private static readonly TimeSpan ResolvePatience = TimeSpan.FromSeconds(5);

    /// <summary>Names that mean the inside wherever they are resolved.</summary>
    private static readonly string[] InsideSuffixes = [".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa"];

    /// <summary>Reads an address out of a body's field; its problems are the field's.</summary>
    public static string? ReadUrl(Fields fields, string field)
    {
        var url = fields.Text(field, UrlLengthMax, 1);
        if (url is not null && Misspelt(url) is { } problem)
        {
            fields.Problem(field, problem, "invalid_string");
            return null;
        }

        return url;
    }

    /// <summary>What is wrong with how the address is written, whatever it leads to; null when nothing is.</summary>
    public static string? Misspelt(string url)
    {
        if (!url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Port == 0)
        {
            return "Expected an http or https address, for example https://example.org/hook";
        }

        var rest = url[(url.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var end = rest.IndexOfAny(['/', '?', '#']);
        var authority = end < 0 ? rest : rest[..end];
        if (uri.UserInfo.Length > 0 || authority.Contains('@', StringComparison.Ordinal))
        {
            return "The address must not hold a user name or password";
        }

        // Two readers of one address must find the same host in it: no backslash, blank or escape that one of them would mend.
        if (authority.AsSpan().ContainsAny('\\', '%') || url.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
        {
            return "The address must be written without blanks, backslashes and escapes in its host";
        }

        return MisspeltHost(authority, uri);
    }

    private static string? MisspeltHost(string authority, Uri uri)
    {
        if (authority.StartsWith('['))
        {
            return authority.Contains('%', StringComparison.Ordinal) || uri.HostNameType != UriHostNameType.IPv6
                ? "The host is no IPv6 address" : null;
        }

        var host = authority.Split(':')[0];
        if (host.EndsWith('.') || host.StartsWith('.') || host.Contains("..", StringComparison.Ordinal))
        {
            return "The host must not begin or end with a dot";
        }

        if (host.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_')))
        {
            return "Write the host in letters, digits, dots and dashes (a name in another alphabet as xn--…)";
        }

        // What ends in a number is an IPv4 address to some reader: 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1.
        return IsNumber(host.Split('.')[^1]) && !(IPAddress.TryParse(host, out var address) && address.ToString() == host)
            ? "Write an IPv4 address as four decimal numbers" : null;
    }

    private static bool IsNumber(string label) => label.All(char.IsAsciiDigit)
        || label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label[2..].All(char.IsAsciiHexDigit);

    /// <summary>
    /// What forbids to call the address, as far as can be told now; null when nothing does. A name that nobody can resolve
    /// is not forbidden: whoever calls it will see.
    /// </summary>
    public async Task<string?> Refusal(string url, CancellationToken stop = default)
    {
        if (Misspelt(url) is { } problem)
        {
            return problem;
        }

        var host = new Uri(url).IdnHost;
        if (IsOpened(host))
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(ResolvePatience);
        IPAddress[] addresses;
        try
        {
            addresses = await Resolve(host, patience.Token);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            addresses = [];
        }

        return addresses.Any(address => !IsAllowed(address)) || (IsInsideName(host) && (addresses.Length == 0 || !addresses.All(IsOpened)))
            ? $"{host} is not on the public internet" : null;
    }

    /// <summary>The addresses that the host means now and that may be called; throws when there are none.</summary>
    public async Task<IReadOnlyList<IPAddress>> Allowed(string host, CancellationToken stop)
    {
        var addresses = await Resolve(host, stop);
        var allowed = IsOpened(host) ? addresses
            : [.. addresses.Where(address => IsInsideName(host) ? IsOpened(address) : IsAllowed(address))];
        return allowed.Length > 0 ? allowed : throw new OutboundRefusedException(host);
    }

    private async Task<IPAddress[]> Resolve(string host, CancellationToken stop) =>
        IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, stop);

    private bool IsAllowed(IPAddress address) => PublicAddress.Is(address) || IsOpened(address);

    private bool IsOpened(IPAddress address)
    {
        var plain = PublicAddress.Plain(address);
        return settings.AllowPrivateHosts.Networks.Any(network => network.Contains(plain));
    }

    private bool IsOpened(string host) => settings.AllowPrivateHosts.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>A name without a dot, or under a suffix that no registry gives out.</summary>
    private static bool IsInsideName(string host) => !IPAddress.TryParse(host, out _)
        && (!host.Contains('.', StringComparison.Ordinal)
            || InsideSuffixes.Any(suffix => host.EndsWith(suffix, true, CultureInfo.InvariantCulture)));
}

/// <summary>A host that may not be called.</summary>
public sealed class OutboundRefusedException(string host) : HttpRequestException($"{host} is not on the public internet");
