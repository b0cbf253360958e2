using System.Text.Json;

namespace Remix.JsRuntime;

/// <summary>Whose code it is. Tenants never share a process; the name is letters, digits, dashes and dots.</summary>
public sealed record JsTenant(string Name);

/// <summary>An author's modules by path (<c>greet.js</c>, <c>lib/words.js</c>), and the one whose default export is called.</summary>
public sealed record JsModules(string Main, IReadOnlyDictionary<string, string> Modules);

/// <summary>
/// One call of an agent: <c>export default async (params, remix) => out</c>. Parameters are a JSON object, in which values
/// that JSON lacks are tagged.
/// </summary>
/// <param name="CodeKey">Names this very code: an agent and its revision. The same key always means the same modules.</param>
/// <param name="Code">Asked only when the tenant's process does not hold the code already.</param>
/// <param name="Env">A JSON object: what the code reads as <c>remix.env</c>.</param>
public sealed record JsRun(
    JsTenant Tenant,
    string CodeKey,
    Func<CancellationToken, ValueTask<JsModules>> Code,
    ReadOnlyMemory<byte> Params,
    ReadOnlyMemory<byte> Env,
    TimeSpan Deadline,
    IJsHost Host);

/// <summary>How a run ended.</summary>
public enum JsOutcome
{
    /// <summary>It returned: <see cref="JsRunResult.Value"/> is what.</summary>
    Returned,

    /// <summary>It threw, or its process died under it: <see cref="JsRunResult.Error"/> says why.</summary>
    Failed,

    /// <summary>It was not done at its deadline.</summary>
    OutOfTime,

    /// <summary>Nothing can run here, or not now: <see cref="JsRunResult.Error"/> says why.</summary>
    Unavailable,
}

/// <summary>What a run came to. The value is JSON in which values that JSON lacks are tagged.</summary>
public sealed record JsRunResult(JsOutcome Outcome, JsonElement? Value, JsError? Error, IReadOnlyList<JsLogLine> Logs)
{
    /// <summary>Where the value lies: whoever is done with it, and knows that nobody else reads it, may dispose it.</summary>
    public IDisposable? Memory { get; init; }
}

/// <summary>What was thrown; the stack names the author's files and lines, and nothing of ours.</summary>
public sealed record JsError(string Name, string Message, string Stack);

/// <summary>A line that the code wrote to its console; <c>At</c> is milliseconds since the run began.</summary>
public sealed record JsLogLine(string Level, string Text, int At);
