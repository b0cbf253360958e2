using System.Buffers;
using System.Text;
using System.Text.Json;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Zip;

namespace Remix.AgentCloud.Tapes;

/// <summary>A version of a record as a line of the tape. Reading checks that each follows from the one before it.</summary>
internal sealed class TapeHistory
{
    public const string Name = "history.ndjson";

    private const int LineBytesMax = RecordContent.BytesMax + 64 * 1024;
    private const int NameLengthMax = 600;
    private const long TimeMax = 253402300799999;

    private readonly Dictionary<string, Record> newest = new(StringComparer.Ordinal);
    private long row;
    private long time;

    public static void Write(Utf8JsonWriter json, Record record)
    {
        json.WriteStartObject();
        json.WriteNumber("row", record.Row);
        json.WriteString("recordset", record.Recordset);
        json.WriteString("id", record.Id);
        json.WriteNumber("rev", record.Rev);
        json.WriteNumber("created_at", record.CreatedAt);
        json.WriteString("created_by", record.CreatedBy);
        json.WriteNumber("modified_at", record.ModifiedAt);
        json.WriteString("modified_by", record.ModifiedBy);
        Number(json, "previous", record.Previous);
        Number(json, "superseded", record.Superseded);
        json.WriteBoolean("deleted", record.Deleted);
        json.WritePropertyName("content");
        json.WriteRawValue(record.Content, skipInputValidation: true);
        json.WriteEndObject();
    }

    /// <summary>All versions in their order; throws <see cref="TapeException"/> at the first line that cannot be.</summary>
    public static async IAsyncEnumerable<(Record Record, RecordContent Content)> Read(Stream stream)
    {
        var history = new TapeHistory();
        var number = 0;
        await foreach (var line in Lines(stream))
        {
            number++;
            yield return history.Next(line, number);
        }

        if (history.newest.Values.FirstOrDefault(record => record.Superseded is not null) is { } cut)
        {
            throw new TapeException($"The version {cut.Superseded}, which took the place of version {cut.Row}, is missing");
        }
    }

    private (Record, RecordContent) Next(ReadOnlyMemory<byte> line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 64 });
            var json = document.RootElement;
            var issues = new List<Platform.Faults.Issue>();
            var content = RecordContent.Read(json.GetProperty("content"), issues, []);
            var record = new Record(json.GetProperty("row").GetInt64(), TextOf(json, "recordset"), TextOf(json, "id"),
                json.GetProperty("rev").GetInt64(),
                Time(json, "created_at"), TextOf(json, "created_by"), Time(json, "modified_at"), TextOf(json, "modified_by"),
                    Optional(json, "previous"),
                Optional(json, "superseded"), json.GetProperty("deleted").GetBoolean(), content.Json);
            var before = newest.GetValueOrDefault(record.Id);
            if (issues.Count > 0 || Problem(record, before) is not null)
            {
                throw new TapeException($"Line {number}: {(issues.Count > 0 ? issues[0].Message : Problem(record, before))}");
            }

            (row, time) = (record.Row, record.ModifiedAt);
            newest[record.Id] = record;
            return (record, content);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TapeException($"Line {number} is no version of a record: {e.Message}");
        }
    }

    private string? Problem(Record record, Record? before) =>
        record.Row <= row ? "Its row does not follow the one before"
        : !Record.IsId(record.Id) ? $"A record's id is {Record.IdRule}"
        : !Record.IsRecordset(record.Recordset) ? "Its recordset has no name that one can have"
        : record.ModifiedAt < time ? "It is older than the version before it"
        : record.Rev != (before?.Rev ?? 0) + 1 || record.Previous != before?.Row ? "It does not follow the version of its record before it"
        : before is not null && before.Superseded != record.Row ? "The version before it does not name it as what took its place"
        : record.Deleted && record.Content != "{}" ? "What is deleted has no content" : null;

    private static string TextOf(JsonElement json, string name) => json.GetProperty(name).GetString() is { Length: <= NameLengthMax } text
        && RecordContent.TextIsGood(text) ? text : throw new FormatException($"{name} is no text that is stored here");

    private static long Time(JsonElement json, string name) => json.GetProperty(name).GetInt64() is var time and >= 0 and <= TimeMax ? time
        : throw new FormatException($"{name} is no time");

    private static long? Optional(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetInt64() : null;

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(Stream stream)
    {
        var line = new ArrayBufferWriter<byte>();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            var rest = buffer.AsMemory(0, read);
            int end;
            while ((end = rest.Span.IndexOf((byte)'\n')) >= 0)
            {
                line.Write(rest.Span[..end]);
                yield return line.WrittenMemory;
                line.ResetWrittenCount();
                rest = rest[(end + 1)..];
            }

            line.Write(rest.Span);
            if (line.WrittenCount > LineBytesMax)
            {
                throw new TapeException($"A line is longer than {LineBytesMax / 1024} KB");
            }
        }

        if (line.WrittenCount > 0)
        {
            throw new TapeException("Its last line has no end");
        }
    }
}

/// <summary>A part of a tape that cannot be what was exported.</summary>
internal sealed class TapeException(string message) : Exception(message);
