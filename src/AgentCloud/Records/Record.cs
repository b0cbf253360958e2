using System.Data.Common;
using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Records;

/// <summary>One version of a record. Times are Unix milliseconds.</summary>
/// <param name="Row">Its number: larger than that of every version written to the app before it.</param>
/// <param name="Rev">1 for the first version of its record, and one more for each that follows.</param>
/// <param name="Previous">The row of the version before it.</param>
/// <param name="Superseded">The row of the version that took its place; null while it is the newest.</param>
/// <param name="Deleted">A tombstone: the record ended here, and there is no content.</param>
/// <param name="Content">Canonical JSON of the fields, without the system's own.</param>
internal sealed record Record(long Row, string Recordset, string Id, long Rev, long CreatedAt, string CreatedBy, long ModifiedAt,
    string ModifiedBy, long? Previous, long? Superseded, bool Deleted, string Content)
{
    /// <summary>Where a record is that names no recordset.</summary>
    public const string RecordsetDefault = "default";

    public const int IdLength = 32;
    public const string IdRule = "32 letters and digits";

    internal const string Columns =
        "r.row_no, r.recordset, r.id, r.rev, r.created_at, r.created_by, r.modified_at, r.modified_by, r.previous, r.superseded, r.deleted, "
        + "r.content";

    public static bool IsId(string? id) => id is { Length: IdLength } && id.All(char.IsAsciiLetterOrDigit);

    /// <summary>A recordset is named as an app is.</summary>
    public static bool IsRecordset(string? name) => App.IsName(name);

    /// <summary>As it was when that row was the last: what came later had not superseded it.</summary>
    public Record AsSeen(long lastRow) => Superseded > lastRow ? this with { Superseded = null } : this;

    /// <summary>The content and the system's own fields in one object, as agents see it.</summary>
    public JsonElement Show()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(Content.Length + 400);
        using (var json = new Utf8JsonWriter(bytes, RecordJson.Writing))
        {
            Write(json);
        }

        using var document = JsonDocument.Parse(bytes.WrittenMemory);
        return document.RootElement.Clone();
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        RecordJson.WriteMembers(json, Content);
        json.WriteString(SystemField.Id, Id);
        json.WriteNumber(SystemField.Rev, Rev);
        json.WriteNumber(SystemField.Row, Row);
        json.WriteString(SystemField.Recordset, Recordset);
        json.WriteString(SystemField.CreatedAt, CreatedAt.ToIso());
        json.WriteString(SystemField.CreatedBy, CreatedBy);
        json.WriteString(SystemField.ModifiedAt, ModifiedAt.ToIso());
        json.WriteString(SystemField.ModifiedBy, ModifiedBy);
        if (Previous is { } previous)
        {
            json.WriteNumber(SystemField.Previous, previous);
        }
        else
        {
            json.WriteNull(SystemField.Previous);
        }

        json.WriteBoolean(SystemField.Superseded, Superseded is not null);
        json.WriteBoolean(SystemField.Deleted, Deleted);
        json.WriteEndObject();
    }

    internal static Record Read(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4),
        row.GetString(5), row.GetInt64(6), row.GetString(7), row.Long(8), row.Long(9), row.GetBoolean(10), row.GetString(11));
}

/// <summary>Writing JSON that is already JSON.</summary>
internal static class RecordJson
{
    public static readonly JsonWriterOptions Writing = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static void WriteMembers(Utf8JsonWriter json, string content)
    {
        using var document = JsonDocument.Parse(content);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            member.WriteTo(json);
        }
    }
}
