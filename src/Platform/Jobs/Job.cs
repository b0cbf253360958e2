using System.Text.Json;

namespace Remix.Platform.Jobs;

/// <summary>
/// A kind of background work. Hollow: it calls one store method. It may run again after a crash, so it is idempotent.
/// </summary>
public abstract class Job
{
    public abstract string Kind { get; }

    /// <summary>How often it runs by itself; null when only others enqueue it.</summary>
    public virtual TimeSpan? Every => null;

    public virtual int AttemptsMax => 8;

    public abstract Task Run(JsonElement payload, CancellationToken stop);
}
