using System.Text.Json;
using Remix.Platform.Jobs;

namespace Remix.AgentCloud.Files;

/// <summary>Lets go of blobs that no workspace's content names any more; the platform's sweep removes them then.</summary>
internal sealed class NamedBlobSweepJob(NamedBlobs blobs) : Job
{
    public override string Kind => "cloud_blob_sweep";

    public override TimeSpan? Every => TimeSpan.FromHours(12);

    public override Task Run(JsonElement payload, CancellationToken stop) => blobs.Sweep(stop);
}
