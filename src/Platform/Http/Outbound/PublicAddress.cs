using System.Net;
using System.Net.Sockets;

namespace Remix.Platform.Http.Outbound;

/// <summary>Which addresses are the public internet's: everything that is not is somebody's inside.</summary>
public static class PublicAddress
{
    /// <summary>Special-purpose ranges of IPv4 (RFC 6890 and its successors).</summary>
    private static readonly IPNetwork[] NotPublic4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>All of global IPv6, and what in it is not global after all: tunnels that carry an IPv4 address, documentation.</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(text => IPNetwork.Parse(text))];

    /// <summary>The prefix under which a network without IPv4 reaches it (RFC 6052).</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Is(IPAddress address)
    {
        var plain = Plain(address);
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? !NotPublic4.Any(network => network.Contains(plain))
            : plain.ScopeId == 0 && Global6.Contains(plain) && !NotPublic6.Any(network => network.Contains(plain));
    }

    /// <summary>The address without its wrapping: IPv4 in IPv6 clothes, mapped or translated, is what it is inside.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
    }
}
