using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Remix.Bench.Load;

/// <summary>
/// Many WebSockets that do nothing but count how often a marker passes, and answer pings. Raw sockets: the client must cost less than what
/// it measures, and it does not care how messages are cut into frames.
/// </summary>
internal sealed class Swarm : IAsyncDisposable
{
    public static readonly byte[] Marker = Encoding.ASCII.GetBytes("bench-marker");

    private static readonly byte[] Ping = [0x89, 0];
    private static readonly byte[] Pong = [0x8A, 0x80, 0, 0, 0, 0];

    private const int ConnectingAtOnce = 64;
    private const int BufferBytes = 8 * 1024;

    private readonly List<Socket> sockets = [];
    private long seen;
    private int alive;
    private long expected = long.MaxValue;
    private TaskCompletionSource<long> complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Seen => Interlocked.Read(ref seen);

    /// <summary>How many have not been closed.</summary>
    public int Alive => Volatile.Read(ref alive);

    /// <summary>The first bytes that held a marker: a whole frame, when it came alone.</summary>
    public byte[]? Sample { get; private set; }

    /// <summary>Opens sockets, sends each its first frame, waits until each has heard <paramref name="greeting"/>.</summary>
    public static Task<Swarm> Open(
        IPEndPoint server, string path, int count, Func<int, string?> firstFrame, string? greeting, CancellationToken stop) =>
        Open(server, _ => path, count, firstFrame, greeting, stop);

    public static async Task<Swarm> Open(
        IPEndPoint server, Func<int, string> path, int count, Func<int, string?> firstFrame, string? greeting, CancellationToken stop)
    {
        var swarm = new Swarm();
        try
        {
            await Parallel.ForAsync(
                0, count, new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = stop },
                async (i, token) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    lock (swarm.sockets)
                    {
                        swarm.sockets.Add(socket);
                    }

                    await socket.ConnectAsync(server, token);
                    await Handshake(socket, server, path(i), firstFrame(i), greeting, token);
                    _ = swarm.Listen(socket);
                });
        }
        catch
        {
            await swarm.DisposeAsync();
            throw;
        }

        return swarm;
    }

    /// <summary>Counts from zero; the task ends with the time at which the last of them passed.</summary>
    public Task<long> Expect(long markers)
    {
        complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref seen, 0);
        Interlocked.Exchange(ref expected, markers);
        return complete.Task;
    }

    public ValueTask DisposeAsync()
    {
        sockets.ForEach(socket => socket.Dispose());
        sockets.Clear();
        return ValueTask.CompletedTask;
    }

    private static async Task Handshake(
        Socket socket, IPEndPoint server, string path, string? firstFrame, string? greeting, CancellationToken stop)
    {
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
            stop);
        var answer = await ReadUntil(socket, "\r\n\r\n", stop);
        if (!answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            throw new BenchException($"{path} refused a WebSocket: {answer.Split('\r')[0]}");
        }

        if (firstFrame is not null)
        {
            await socket.SendAsync(Frame(Encoding.UTF8.GetBytes(firstFrame)), stop);
        }

        if (greeting is not null && !answer.Contains(greeting, StringComparison.Ordinal))
        {
            await ReadUntil(socket, greeting, stop);
        }
    }

    private static async Task<string> ReadUntil(Socket socket, string end, CancellationToken stop)
    {
        var buffer = new byte[BufferBytes];
        var text = new StringBuilder();
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, stop);
            if (read == 0)
            {
                throw new BenchException($"a socket was closed before it said {end.Trim()}: {text}");
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>A text frame of less than 64 KB, masked with zeroes, which is legal and saves the masking.</summary>
    private static byte[] Frame(byte[] payload) => payload.Length < 126
        ? [0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]
        : [0x81, 0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length, 0, 0, 0, 0, .. payload];

    private async Task Listen(Socket socket)
    {
        var buffer = new byte[BufferBytes];
        var kept = 0;
        Interlocked.Increment(ref alive);
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(kept)) is > 0 and var read)
            {
                if (buffer.AsSpan(kept, read).IndexOf(Ping) >= 0)
                {
                    await socket.SendAsync(Pong);
                }

                kept = Count(buffer, kept + read);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Closed by us, or by the server; what is missing then shows in the count.
        }
        finally
        {
            Interlocked.Decrement(ref alive);
        }
    }

    /// <summary>Counts the markers, and keeps the tail in which one may have begun.</summary>
    private int Count(byte[] buffer, int length)
    {
        var rest = buffer.AsSpan(0, length);
        var found = 0;
        for (int at; (at = rest.IndexOf(Marker)) >= 0; found++)
        {
            rest = rest[(at + Marker.Length)..];
        }

        if (found > 0)
        {
            Sample ??= buffer[..length];
            if (Interlocked.Add(ref seen, found) >= Interlocked.Read(ref expected))
            {
                complete.TrySetResult(Stopwatch.GetTimestamp());
            }
        }

        var tail = rest[^Math.Min(rest.Length, Marker.Length - 1)..];
        tail.CopyTo(buffer);
        return tail.Length;
    }
}
