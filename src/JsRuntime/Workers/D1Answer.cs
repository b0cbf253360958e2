using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using SQLitePCL;

namespace Remix.JsRuntime.Workers;

/// <summary>The results of statements as D1 writes them, as they come, up to a length. A silent one has a single result, without rows.</summary>
internal sealed class D1Answer
{
    public const int BytesMax = 32 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly Utf8JsonWriter json;
    private readonly bool isSilent;
    private long began;
    private int results, rows;

    public D1Answer(bool isSilent)
    {
        this.isSilent = isSilent;
        json = new Utf8JsonWriter(bytes);
        json.WriteStartArray();
    }

    private bool IsWritten => !isSilent || results == 1;

    public void Begin(sqlite3_stmt statement)
    {
        (began, rows) = (Stopwatch.GetTimestamp(), 0);
        results++;
        if (!IsWritten)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteBoolean("success", true);
        json.WriteStartObject("results");
        json.WriteStartArray("columns");
        for (var i = 0; i < raw.sqlite3_column_count(statement); i++)
        {
            json.WriteStringValue(raw.sqlite3_column_name(statement, i).utf8_to_string());
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
    }

    /// <summary>Writes the row that the statement stands on; false when it is too much.</summary>
    public bool Row(sqlite3_stmt statement)
    {
        rows++;
        if (isSilent)
        {
            return true;
        }

        json.WriteStartArray();
        for (var i = 0; i < raw.sqlite3_column_count(statement); i++)
        {
            if (json.BytesCommitted + json.BytesPending + D1Values.BytesMost(statement, i) > BytesMax)
            {
                return false;
            }

            D1Values.Write(json, statement, i);
        }

        json.WriteEndArray();
        return true;
    }

    public void Finish(int changes, long lastRowId)
    {
        if (!IsWritten)
        {
            return;
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("meta");
        json.WriteString("served_by", "remix");
        json.WriteNumber("duration", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        json.WriteNumber("changes", changes);
        json.WriteBoolean("changed_db", changes > 0);
        json.WriteNumber("last_row_id", lastRowId);
        json.WriteNumber("rows_read", rows);
        json.WriteNumber("rows_written", changes);
        json.WriteNumber("size_after", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public ArrayBufferWriter<byte> End()
    {
        json.WriteEndArray();
        json.Dispose();
        return bytes;
    }
}
