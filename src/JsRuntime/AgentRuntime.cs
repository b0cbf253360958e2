namespace Remix.JsRuntime;

/// <summary>
/// Runs agents, each tenant's in a process of its own. No run leaves anything behind for the next but what it gave to its
/// host, and none keeps another tenant's waiting.
/// </summary>
public sealed class AgentRuntime
{
    /// <summary>Parameters of a run.</summary>
    public const int ParamsBytesMax = 1024 * 1024;

    /// <summary>Does what can be done, and never throws for what the code does; a cancelled <paramref name="stop"/> throws.</summary>
    public Task<JsRunResult> Run(JsRun run, CancellationToken stop) => throw new NotSupportedException(run.CodeKey);
}
