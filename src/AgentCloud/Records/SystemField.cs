namespace Remix.AgentCloud.Records;

/// <summary>What the system knows of a version, under the names that records and queries know it by.</summary>
internal static class SystemField
{
    public const string Id = "_rmx_id";
    public const string Rev = "_rmx_rev";
    public const string Row = "_rmx_row";
    public const string Recordset = "_rmx_recordset";
    public const string CreatedAt = "_rmx_created_at";
    public const string CreatedBy = "_rmx_created_by";
    public const string ModifiedAt = "_rmx_last_modified_at";
    public const string ModifiedBy = "_rmx_last_modified_by";
    public const string Previous = "_rmx_previous";
    public const string Superseded = "_rmx_superseded";
    public const string Deleted = "_rmx_deleted";

    public static readonly IReadOnlyList<string> All =
        [Id, Rev, Row, Recordset, CreatedAt, CreatedBy, ModifiedAt, ModifiedBy, Previous, Superseded, Deleted];
}
