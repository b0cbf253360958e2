namespace Remix.JsRuntime;

/// <summary>How many processes live, how long they idle, and when one is taken to be lost.</summary>
public sealed record SlotPolicy
{
    /// <summary>Processes alive at once; beyond, the one unused for longest makes room.</summary>
    public int LiveMax { get; init; } = 40;

    /// <summary>Calls under way in one process.</summary>
    public int CallsMax { get; init; } = 256;

    /// <summary>Isolates keep the code of each key that was loaded: a process with more is replaced.</summary>
    public int CodeKeysMax { get; init; } = 100;

    /// <summary>A process that holds more after a call that failed, or while it rests, is replaced.</summary>
    public long MemoryBytesMax { get; init; } = 384L * 1024 * 1024;

    public TimeSpan IdleMax { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an answer to a ping may take. A process in an endless loop gives none.</summary>
    public TimeSpan PingPatience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one that was asked to end may finish what it does.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often those that have calls under way are looked at.</summary>
    public TimeSpan WatchCallsEvery { get; init; } = TimeSpan.FromMilliseconds(100);
}
