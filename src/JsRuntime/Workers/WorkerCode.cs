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

    /// <summary>A namespace of Durable Objects of the class that <see cref="WorkerBinding.Value"/> names.</summary>
    Objects,
}

/// <summary>One name in a worker's <c>env</c>.</summary>
public sealed record WorkerBinding(string Name, WorkerBindingKind Kind, string? Value = null);

/// <summary>
/// A worker as it is deployed: modules, of which the first is the main one, and what its <c>env</c> holds. Of two
/// generations of one tenant the greater is the newer; data stays when code changes.
/// </summary>
public sealed record WorkerCode(long Generation, IReadOnlyList<(string Name, string Source)> Modules, IReadOnlyList<WorkerBinding> Bindings);

/// <summary>A worker did not answer, or cannot run; the message says why, the status how to say so.</summary>
public sealed class WorkerException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
