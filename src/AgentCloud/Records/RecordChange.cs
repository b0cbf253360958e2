using System.Text.Json;
using System.Text.Json.Nodes;

namespace Remix.AgentCloud.Records;

/// <summary>What becomes of a record's content.</summary>
internal enum RecordAction
{
    /// <summary>The content takes the place of what was there.</summary>
    Replace,

    /// <summary>Its fields are added to what was there, maps into maps; one that is <c>{tag}undefined</c> is taken away.</summary>
    Merge,

    Delete,
}

/// <summary>One change of one record. Without an id it is a new record, which gets one.</summary>
/// <param name="Recordset">Null: where it is, or <see cref="Record.RecordsetDefault"/> for a new one.</param>
/// <param name="IfRev">The change is made only to this version, otherwise 409; 0 means that there must be none.</param>
internal sealed record RecordChange(RecordAction Action, string? Id, string? Recordset, JsonElement Content, long? IfRev = null)
{
    /// <summary>Inserts, or replaces the record whose <c>_rmx_id</c> the content or the argument names.</summary>
    public static RecordChange Save(JsonElement content, string? id = null, string? recordset = null, long? ifRev = null) =>
        new(RecordAction.Replace, id ?? Named(content, SystemField.Id), recordset ?? Named(content, SystemField.Recordset), content, ifRev);

    public static RecordChange Upsert(JsonElement content, string? id = null, string? recordset = null, long? ifRev = null) =>
        Save(content, id, recordset, ifRev) with { Action = RecordAction.Merge };

    public static RecordChange Delete(string id, long? ifRev = null) => new(RecordAction.Delete, id, null, default, ifRev);

    /// <summary>What was there with the fields of the other added.</summary>
    public static JsonElement Merged(string before, JsonElement added)
    {
        var merged = JsonNode.Parse(before)!.AsObject();
        Merge(merged, added);
        return JsonSerializer.SerializeToElement(merged);
    }

    private static void Merge(JsonObject into, JsonElement added)
    {
        foreach (var member in added.EnumerateObject())
        {
            if (Tagged.TagOf(member.Value) is { } tag && Tagged.IsUndefined(tag))
            {
                into.Remove(member.Name);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object && Tagged.TagOf(member.Value) is null
                && into[member.Name] is JsonObject inner && inner[Tagged.Type] is null)
            {
                Merge(inner, member.Value);
            }
            else
            {
                into[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }
    }

    private static string? Named(JsonElement content, string field) => content.ValueKind == JsonValueKind.Object
        && content.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;
}

/// <summary>What a change came to.</summary>
/// <param name="Changed">False when the record is as it was before: then there is no new version.</param>
internal sealed record RecordChanged(Record Record, bool Changed);
