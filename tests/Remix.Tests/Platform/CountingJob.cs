using System.Collections.Concurrent;
using System.Text.Json;
using Remix.Platform.Jobs;

namespace Remix.Tests.Platform;

/// <summary>Counts how often it ran; it may be told to fail or to wait.</summary>
internal sealed class CountingJob : Job
{
    public ConcurrentQueue<string> Runs { get; } = new();

    public bool Fails { get; set; }

    public TimeSpan? Period { get; set; }

    public override string Kind => "count";

    public override TimeSpan? Every => Period;

    public override int AttemptsMax => 3;

    /// <summary>What a run waits for.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public bool WasStopped { get; private set; }

    public override async Task Run(JsonElement payload, CancellationToken stop)
    {
        Runs.Enqueue(payload.TryGetProperty("key", out var key) ? key.GetString()! : "slot");
        if (Gate is { } gate)
        {
            try
            {
                await gate.Task.WaitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                WasStopped = true;
                throw;
            }
        }

        if (Fails)
        {
            throw new InvalidTimeZoneException("on purpose");
        }
    }
}
