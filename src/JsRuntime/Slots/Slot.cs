using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Remix.JsRuntime.Backend;

namespace Remix.JsRuntime.Slots;

/// <summary>
/// A tenant's process: its directory, its socket, the doors it speaks to us through, and how it ended. Whoever finds it
/// dead takes another.
/// </summary>
internal sealed class Slot : IAsyncDisposable
{
    private const int WordsMax = 4096;

    private readonly Process process;
    private readonly string directory;
    private readonly IReadOnlyList<Door> doors;
    private readonly HttpMessageInvoker client;
    private readonly StringBuilder words = new();
    private readonly TaskCompletionSource listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool>? pinging;
    private readonly Lazy<int> innermost;
    private long answeredAt, heardAt;
    private double secondsThen;
    private int stopping;

    private Slot(string tenant, Process process, string directory, IReadOnlyList<Door> doors)
    {
        (Tenant, this.process, ProcessId, this.directory, this.doors) = (tenant, process, process.Id, directory, doors);
        client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(directory, SlotFiles.Run)), stop);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
            // workerd closes what idles for 15 seconds.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        });
        innermost = new Lazy<int>(() => ProcessTree.Innermost(ProcessId));
        Gone = Follow();
    }

    public string Tenant { get; }

    public int ProcessId { get; }

    /// <summary>What it keeps must not be in another's hands when it is first called.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Completes when the process has ended and nothing of it is left.</summary>
    public Task Gone { get; }

    /// <summary>Nothing is to be sent to it any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Why we ended it; null when we did not.</summary>
    public string? Verdict { get; private set; }

    /// <summary>The last that it said about itself.</summary>
    public string LastWords
    {
        get
        {
            lock (words)
            {
                // It looks for itself at its start, which the sandbox keeps it from, and does without.
                return string.Join('\n', words.ToString().Split('\n')
                    .Where(line => !line.StartsWith("Unable to find and open the program executable", StringComparison.Ordinal))).Trim();
            }
        }
    }

    /// <summary>Starts a process; it listens when the task completes.</summary>
    /// <param name="runsTheirs">Whether an author's code runs before it listens, and may be why it does not.</param>
    public static async Task<Slot> Start(string tenant, ProcessStartInfo command, string directory, IReadOnlyList<Door> doors,
        TimeSpan patience, bool runsTheirs)
    {
        var slot = new Slot(tenant, await Spawner.Start(command), directory, doors);
        try
        {
            await Task.WhenAny(slot.listens.Task, slot.Gone).WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            slot.Kill("it did not start in time");
        }

        if (slot.listens.Task.IsCompletedSuccessfully && !slot.IsDead)
        {
            return slot;
        }

        await slot.Gone;
        var words = slot.LastWords.Trim();
        throw new JsUnavailableException(runsTheirs ? $"The worker does not load: {(words.Length > 0 ? words : slot.Verdict)}"
            : $"The JavaScript runtime does not start: {words}", runsTheirs);
    }

    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken stop)
    {
        var response = await client.SendAsync(request, stop);
        Volatile.Write(ref answeredAt, Stopwatch.GetTimestamp());
        return response;
    }

    /// <summary>
    /// Whether its event loop turns: it answers a ping, or anything else meanwhile, since one that has much to do may come to
    /// the ping late. Many who ask at once share a ping.
    /// </summary>
    public Task<bool> Answers(TimeSpan patience)
    {
        lock (words)
        {
            return pinging is { IsCompleted: false } ? pinging : pinging = Ping(patience);
        }
    }

    /// <summary>Of a processor, so far: of the process that runs the code, since those around it only wait for it.</summary>
    public double ProcessorSeconds() => ProcessTree.ProcessorSeconds(innermost.Value);

    /// <summary>
    /// How much of a processor it has used since it last answered, or asked for, anything, as far as it was looked at before. For
    /// one who asks.
    /// </summary>
    public double SecondsOfSilence()
    {
        var seconds = ProcessorSeconds();
        var at = Math.Max(Volatile.Read(ref answeredAt), doors.Count == 0 ? 0 : doors.Max(door => door.HeardAt));
        if (at != heardAt)
        {
            (heardAt, secondsThen) = (at, seconds);
        }

        return seconds - secondsThen;
    }

    private async Task<bool> Ping(TimeSpan patience)
    {
        var began = Stopwatch.GetTimestamp();
        using var enough = new CancellationTokenSource(patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, SlotFiles.Address);
            request.Headers.TryAddWithoutValidation(SlotFiles.PingHeader, "1");
            using var response = await Send(request, enough.Token);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            return Volatile.Read(ref answeredAt) > began;
        }
    }

    /// <summary>Ends it at once. First it is dead to us, so that nobody sends it anything more.</summary>
    public void Kill(string verdict)
    {
        IsDead = true;
        Verdict ??= verdict;
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It had ended by itself.
        }
    }

    /// <summary>Asks it to end, and makes it when it does not.</summary>
    public void Stop(string verdict, TimeSpan patience)
    {
        if (IsDead || Interlocked.Exchange(ref stopping, 1) == 1)
        {
            return;
        }

        IsDead = true;
        Verdict ??= verdict;
        ProcessTree.Terminate(ProcessId);
        _ = Task.WhenAny(Gone, Task.Delay(patience)).ContinueWith(_ => Kill(verdict), TaskScheduler.Default);
    }

    private async Task Follow()
    {
        process.StandardInput.Close();
        await Task.WhenAll(Read(process.StandardOutput, false), Read(process.StandardError, true));
        await process.WaitForExitAsync();
        IsDead = true;
        client.Dispose();
        foreach (var door in doors)
        {
            await door.DisposeAsync();
        }

        SlotFiles.Delete(directory);
        process.Dispose();
    }

    /// <summary>Reads all it says, or it would stand still when the pipe is full; the last is kept.</summary>
    private async Task Read(StreamReader from, bool keep)
    {
        var buffer = new char[WordsMax];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            var text = buffer.AsSpan(0, read);
            if (keep)
            {
                lock (words)
                {
                    words.Append(text);
                    words.Remove(0, Math.Max(0, words.Length - WordsMax));
                }
            }
            else if (text.Contains("\"listen\"", StringComparison.Ordinal))
            {
                listens.TrySetResult();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill("the server stops");
        await Gone;
    }
}

/// <summary>Nothing can run, or not now; the message says why.</summary>
internal sealed class JsUnavailableException(string message, bool isTheirs = false) : Exception(message)
{
    /// <summary>Whether the code that was to run is why.</summary>
    public bool IsTheirs { get; } = isTheirs;
}
