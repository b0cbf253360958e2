using System.Text.Json;

namespace Remix.Tests.Support;

/// <summary>One frame that was heard.</summary>
/// <param name="Seq">0 for what is said in passing.</param>
public sealed record Heard(string Type, long Seq, JsonElement Data, string Text);

/// <summary>Somebody who listens to a room, in whichever way.</summary>
public abstract class Ear : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Heard? hello;

    /// <summary>The code with which the server closed; null while it has not.</summary>
    public int? CloseCode { get; protected set; }

    /// <summary>The next frame; null when the connection has ended.</summary>
    protected abstract Task<Heard?> Receive(CancellationToken cancel);

    public abstract ValueTask DisposeAsync();

    /// <summary>Waits until the server listens to its log for us, which it says with its hello; that is still to be heard.</summary>
    public async Task Begin()
    {
        using var patience = new CancellationTokenSource(Patience);
        hello = await Receive(patience.Token);
    }

    /// <summary>The next frame of the log: neither hello nor anything said in passing.</summary>
    public Task<Heard> Next() => Until(heard => heard.Seq > 0 && heard.Type != "hello");

    public Task<Heard> Next(string type) => Until(heard => heard.Type == type);

    /// <summary>The very next frame, whatever it is.</summary>
    public Task<Heard> Any() => Until(_ => true);

    public async Task<Heard> Until(Func<Heard, bool> fits)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var heard = await Hear(patience.Token);
            Assert.True(heard is not null, $"The server closed with {CloseCode} before what was waited for");
            if (fits(heard!))
            {
                return heard!;
            }
        }
    }

    /// <summary>Everything up to the end; returns the close code.</summary>
    public async Task<int?> Closed(Action<Heard>? each = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await Hear(patience.Token) is { } heard)
        {
            each?.Invoke(heard);
        }

        return CloseCode;
    }

    /// <summary>The next frame, or null when the connection ends, however it does.</summary>
    public Task<Heard?> Hear(CancellationToken cancel)
    {
        var first = hello;
        hello = null;
        return first is null ? Receive(cancel) : Task.FromResult<Heard?>(first);
    }

    protected static Heard Parse(string text)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(text);
        return new Heard(json.GetProperty("type").GetString()!, json.TryGetProperty("seq", out var seq) ? seq.GetInt64() : 0,
            json.GetProperty("data"), text);
    }
}
