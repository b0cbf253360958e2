using System.Text.Json;
using Remix.AgentCloud.CloudSignals;
using Remix.AgentCloud.Topics;
using Remix.Platform.Jobs;

namespace Remix.AgentCloud.Workspaces;

/// <summary>Removes what nobody needs any more: content without a workspace, old signals, messages that all have heard.</summary>
internal sealed class CloudSweepJob(WorkspaceContents contents, SignalStore signals, TopicStore topics) : Job
{
    public override string Kind => "cloud_sweep";

    public override TimeSpan? Every => TimeSpan.FromHours(1);

    public override async Task Run(JsonElement payload, CancellationToken stop)
    {
        await contents.Sweep(stop);
        await signals.Sweep();
        await topics.Sweep();
    }
}
