namespace Remix.AgentCloud.Records;

/// <summary>Which versions are seen: usually the newest of each record that is not deleted, now or at a moment.</summary>
internal sealed record RecordScope(string? Recordset = null, bool IncludeSuperseded = false, bool IncludeDeleted = false, AsOf? AsOf = null)
{
    public static readonly RecordScope Current = new();

    /// <summary>Whether all that is seen is in the index of what is current.</summary>
    public bool IsCurrent => !IncludeSuperseded && !IncludeDeleted && AsOf is null;

    /// <summary>The same in SQL, of a version <c>r</c>; the placeholder is for the last row that is seen.</summary>
    public string Condition(string lastRow)
    {
        var newest = AsOf is null ? "r.superseded is null" : $"(r.superseded is null or r.superseded > {lastRow})";
        return $"r.row_no <= {lastRow}"
            + (IncludeSuperseded ? "" : " and " + newest)
            + (IncludeDeleted ? "" : " and r.deleted = false");
    }
}
