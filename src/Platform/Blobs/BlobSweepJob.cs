using System.Text.Json;
using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Jobs;

namespace Remix.Platform.Blobs;

/// <summary>
/// Removes blobs that no row names any more. Only those a day old: a fresh one may wait for the row that will name it.
/// </summary>
internal sealed class BlobSweepJob(BlobStore blobs, Database database, IReadOnlyList<Module> modules, ILogger<BlobSweepJob> log) : Job
{
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    public override string Kind => "blob_sweep";

    public override TimeSpan? Every => TimeSpan.FromHours(6);

    public override async Task Run(JsonElement payload, CancellationToken stop)
    {
        var references = modules.SelectMany(module => module.BlobReferences).ToList();
        var removed = 0;
        foreach (var sha256 in blobs.OlderThan(Grace))
        {
            stop.ThrowIfCancellationRequested();
            if (!await IsNamed(sha256, references))
            {
                blobs.Delete(sha256);
                removed++;
            }
        }

        if (removed > 0)
        {
            log.LogInformation("Removed {Count} blobs that nothing names", removed);
        }
    }

    private Task<bool> IsNamed(string sha256, List<string> references) => database.Read(async session =>
    {
        foreach (var reference in references)
        {
            if (await session.Scalar<string>($"{reference} limit 1", sha256) is not null)
            {
                return true;
            }
        }

        return false;
    });
}
