using Remix.AgentCloud.Tokens;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Activity;

/// <summary>What can be done in a workspace that is worth counting.</summary>
internal enum ActivityKind
{
    RunAgent,
    UpdateDb,
    InstallRemixFile,
    CreateWorkspace,
    GrantPermission,
    Remixgen,
    ImportWorkspace,
}

/// <summary>The activities of workspaces: one row for each, durable before the answer of what it counts.</summary>
internal sealed class CloudActivities(Database database, TimeProvider clock)
{
    /// <summary>Records within the given transaction of the catalogue.</summary>
    /// <param name="subject">Who did it, where that is not the caller: an agent.</param>
    /// <param name="detail">JSON that says more of it.</param>
    public async ValueTask Record(SqlSession session, string workspaceId, CloudCaller caller, ActivityKind kind, string? app = null,
        string? agent = null, string? subject = null, string? detail = null) => await session.Execute("""
            insert into cloud_activities (workspace_id, activity, subject, caller, app, agent, detail, at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """, workspaceId, EnumText.Of(kind), subject ?? caller.Subjectively, caller.Key, app, agent, detail, clock.NowMs());

    /// <summary>The same in a transaction of its own: durable when it completes, beside the work that it counts.</summary>
    public Task Record(string workspaceId, CloudCaller caller, ActivityKind kind, string? app = null, string? agent = null,
        string? subject = null, string? detail = null) =>
        database.Write(session => Record(session, workspaceId, caller, kind, app, agent, subject, detail), canWait: true);

    /// <summary>How many there were, of those that fit (leans on cloud_activities_by_time).</summary>
    public Task<long> Count(string workspaceId, CountActivities filter) => database.Read(session =>
    {
        var (sql, args) = ("select count(*) from cloud_activities where workspace_id = $1", new List<object?> { workspaceId });
        Add("activity = ", filter.Activity is { } kind ? EnumText.Of(kind) : null);
        Add("subject = ", filter.Subject);
        Add("at >= ", filter.Start);
        Add("at < ", filter.End);
        return session.Scalar<long>(sql, [.. args]);

        void Add(string condition, object? value)
        {
            if (value is not null)
            {
                args.Add(value);
                sql += $" and {condition}${args.Count}";
            }
        }
    });
}
