using System.Collections.Concurrent;

namespace Remix.AgentCloud.Mcp;

/// <summary>What one client is doing in one workspace, in the version of the protocol that it began with.</summary>
internal sealed class McpSession(string workspaceId, string caller, string version)
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> calls = new(StringComparer.Ordinal);

    public string WorkspaceId => workspaceId;

    public string Caller => caller;

    public string Version => version;

    public long UsedAt { get; set; }

    /// <summary>A call of a tool, which the client may cancel by the id of its request; dispose it when it is over.</summary>
    public McpCall Begin(string requestId, CancellationToken stop)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        calls[requestId] = cancel;
        return new McpCall(cancel, () => calls.TryRemove(KeyValuePair.Create(requestId, cancel)));
    }

    /// <summary>Cancels the call; one that is over by now is none.</summary>
    public void Cancel(string requestId)
    {
        if (calls.TryRemove(requestId, out var cancel))
        {
            cancel.Cancel();
        }
    }
}

/// <summary>A call under way.</summary>
internal sealed class McpCall(CancellationTokenSource cancel, Action end) : IDisposable
{
    public CancellationToken Stop { get; } = cancel.Token;

    // The source holds no timer, and may be cancelled at this very moment: it is left to the collector.
    public void Dispose() => end();
}
