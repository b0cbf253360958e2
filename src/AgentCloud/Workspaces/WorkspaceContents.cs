using Microsoft.Extensions.Logging;
using Remix.AgentCloud.Data;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Workspaces;

/// <summary>
/// Removes what workspaces held that are no more, and what was prepared for ones that never came to be. The catalogue's row
/// goes first, so what a crash leaves here is found by what the catalogue does not name.
/// </summary>
internal sealed class WorkspaceContents(WorkspaceData data, Database database, ILogger<WorkspaceContents> log)
{
    /// <summary>Nameless at the last look. One that is being filled right now has its name by the next.</summary>
    private HashSet<string> suspects = new(StringComparer.Ordinal);

    public async Task Remove(string workspaceId)
    {
        try
        {
            await data.Delete(workspaceId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || DatabaseKind.IsUnavailable(e))
        {
            log.LogWarning(e, "What workspace {Id} held cannot be removed now; it will be tried again", workspaceId);
        }
    }

    public async Task Sweep(CancellationToken stop)
    {
        var stored = await data.Stored();
        var named = (await database.Read(session => session.Query("select id from cloud_workspaces", row => row.GetString(0))))
            .ToHashSet(StringComparer.Ordinal);
        var nameless = stored.Where(id => !named.Contains(id)).ToHashSet(StringComparer.Ordinal);
        foreach (var id in nameless.Intersect(suspects, StringComparer.Ordinal))
        {
            stop.ThrowIfCancellationRequested();
            await Remove(id);
        }

        suspects = nameless;
    }
}
