namespace Remix.JsRuntime;

/// <summary>What stands in a worker's <c>env</c> under a name.</summary>
public enum WorkerBindingKind
{
    /// <summary>A text, such as a secret: <see cref="WorkerBinding.Value"/>.</summary>
    Text,

    /// <summary>A KV namespace.</summary>
    Kv,

    /// <summary>A D1 database.</summary>
    D1,

    /// <summary>An R2 bucket of objects.</summary>
    R2,

    /// <summary>A namespace of Durable Objects of the class that <see cref="WorkerBinding.Value"/> names.</summary>
    Objects,
}

/// <summary>One name in a worker's <c>env</c>.</summary>
public sealed record WorkerBinding(string Name, WorkerBindingKind Kind, string? Value = null);

/// <summary>
/// A worker as it is deployed: modules, of which the first is the main one, and what its <c>env</c> holds. Of two
/// generations of one tenant the greater is the newer; data stays when code changes.
/// </summary>
/// <param name="Heard">Hears of each invocation once it is over, off the caller's path; what it does must be quick.</param>
public sealed record WorkerCode(long Generation, IReadOnlyList<(string Name, string Source)> Modules, IReadOnlyList<WorkerBinding> Bindings,
    Action<WorkerInvocation>? Heard = null);

/// <summary>What one invocation of a worker, or of an object of its, wrote and threw.</summary>
/// <param name="Event">What it was about: <c>GET https://…</c>, a cron's pattern, or the name of a method.</param>
/// <param name="Outcome">As workerd names it: <c>ok</c>, <c>exception</c>, <c>canceled</c> …</param>
/// <param name="AtMs">When it began, in Unix milliseconds.</param>
public sealed record WorkerInvocation(string Event, string Outcome, long AtMs, IReadOnlyList<JsLogLine> Logs, IReadOnlyList<JsError> Exceptions);

/// <summary>A worker did not answer, or cannot run; the message says why, the status how to say so.</summary>
public sealed class WorkerException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
