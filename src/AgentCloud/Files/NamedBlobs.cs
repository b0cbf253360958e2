using Remix.AgentCloud.Data;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Files;

/// <summary>
/// Which blobs the contents of workspaces name, in the catalogue, where the sweep of blobs finds them. A name is written
/// before the content that needs it, so that at no moment content names a blob which the catalogue does not know of.
/// </summary>
internal sealed class NamedBlobs(Database database, WorkspaceData data, TimeProvider clock)
{
    /// <summary>How long a name stays that no content bears out: content may be on its way.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>The query by which the sweep of blobs asks.</summary>
    public const string Reference = "select sha256 from cloud_blobs where sha256 = $1";

    private const int AtOnce = 500;

    /// <summary>Durable when it completes; then the content may be written.</summary>
    public async Task Name(string workspaceId, IEnumerable<string> sha256s)
    {
        foreach (var some in sha256s.Distinct(StringComparer.Ordinal).Chunk(AtOnce))
        {
            await database.Write(async session =>
            {
                foreach (var sha256 in some)
                {
                    await session.Execute("""
                        insert into cloud_blobs (workspace_id, sha256, named_at) values ($1, $2, $3)
                        on conflict (workspace_id, sha256) do update set named_at = excluded.named_at
                        """, workspaceId, sha256, clock.NowMs());
                }
            });
        }
    }

    /// <summary>Removes the names that are old and that no content bears out; how many.</summary>
    public async Task<int> Sweep(CancellationToken stop)
    {
        var before = clock.NowMs() - (long)Grace.TotalMilliseconds;
        var removed = 0;
        foreach (var workspace in await database.Read(session => session.Query(
            "select distinct workspace_id from cloud_blobs where named_at < $1", row => row.GetString(0), before)))
        {
            var names = await database.Read(session => session.Query(
                "select sha256, named_at from cloud_blobs where workspace_id = $1 and named_at < $2",
                row => (Sha256: row.GetString(0), At: row.GetInt64(1)), workspace, before));
            foreach (var some in names.Chunk(AtOnce))
            {
                stop.ThrowIfCancellationRequested();
                removed += await Remove(workspace, some, await Borne(workspace, [.. some.Select(name => name.Sha256)]));
            }
        }

        return removed;
    }

    /// <summary>Those of the hashes that the workspace's content names; none when there is no such workspace.</summary>
    private async Task<HashSet<string>> Borne(string workspace, string[] sha256s)
    {
        if (await database.Read(session => session.Scalar<string>("select id from cloud_workspaces where id = $1", workspace)) is null)
        {
            return [];
        }

        try
        {
            return await data.Read(workspace, async session =>
            {
                var borne = new HashSet<string>(StringComparer.Ordinal);
                foreach (var sha256 in sha256s)
                {
                    if (await session.Scalar<string>("""
                        select f.sha256 from cloud_files f join cloud_apps a on a.id = f.app_id where f.sha256 = $1 and a.workspace_id = $2 limit 1
                        """, sha256, workspace) is not null)
                    {
                        borne.Add(sha256);
                    }
                }

                return borne;
            });
        }
        catch (Fault fault) when (fault.Status == 404)
        {
            return [];
        }
    }

    /// <summary>One that was written again meanwhile stays: its time is another.</summary>
    private Task<int> Remove(string workspace, IEnumerable<(string Sha256, long At)> names, HashSet<string> borne) => database.Write(async session =>
    {
        var removed = 0;
        foreach (var (sha256, at) in names.Where(name => !borne.Contains(name.Sha256)))
        {
            removed += await session.Execute("delete from cloud_blobs where workspace_id = $1 and sha256 = $2 and named_at = $3",
                workspace, sha256, at);
        }

        return removed;
    });
}
