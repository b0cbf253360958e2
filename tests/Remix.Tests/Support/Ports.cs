using System.Net;
using System.Net.Sockets;

namespace Remix.Tests.Support;

/// <summary>
/// Ports for servers under test, taken below the range from which the system serves outgoing connections: a port that is
/// free when it is chosen stays so until it is listened on.
/// </summary>
internal static class Ports
{
    private const int First = 10_000;
    private const int Count = 20_000;

    private static int next = Random.Shared.Next(Count);

    public static int Free()
    {
        while (true)
        {
            var port = First + Interlocked.Increment(ref next) % Count;
            if (IsFree(IPAddress.Loopback, port) && IsFree(IPAddress.IPv6Loopback, port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException e)
        {
            // A machine without IPv6 has nothing to collide with there.
            return e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }
}
