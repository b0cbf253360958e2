using System.Data.Common;

namespace Remix.AgentCloud.Permissions;

/// <summary>One permission: this subject has this role on this resource of the workspace.</summary>
internal sealed record Grant(string Id, string WorkspaceId, string Subject, Role Role, Resource Resource, string CreatedBy, long CreatedAt)
{
    /// <summary>How many a workspace can have.</summary>
    public const int CountMax = 1000;

    public const string Columns = "id, workspace_id, subject, role, app, agent, created_by, created_at";

    public static Grant Of(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2),
        Roles.Parse(row.GetString(3)) ?? throw new FormatException($"'{row.GetString(3)}' is no role."),
        new Resource(row.GetString(4), row.GetString(5)), row.GetString(6), row.GetInt64(7));
}
