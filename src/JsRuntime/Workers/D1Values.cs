using System.Text.Json;
using SQLitePCL;

namespace Remix.JsRuntime.Workers;

/// <summary>How D1 writes values in JSON: bytes are arrays of numbers, truth is 1 or 0.</summary>
internal static class D1Values
{
    /// <summary>Of what JSON makes of a byte, at most: six letters of an escaped one.</summary>
    private const int Growth = 6;

    public static int Bind(sqlite3_stmt statement, int place, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => raw.sqlite3_bind_text(statement, place, value.GetString()),
        JsonValueKind.True => raw.sqlite3_bind_int64(statement, place, 1),
        JsonValueKind.False => raw.sqlite3_bind_int64(statement, place, 0),
        JsonValueKind.Array => raw.sqlite3_bind_blob(statement, place, value.EnumerateArray().Select(number => number.GetByte()).ToArray()),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? raw.sqlite3_bind_int64(statement, place, whole)
            : raw.sqlite3_bind_double(statement, place, value.GetDouble()),
        _ => raw.sqlite3_bind_null(statement, place),
    };

    /// <summary>How long a column's value can be in JSON.</summary>
    public static long BytesMost(sqlite3_stmt statement, int column) =>
        raw.sqlite3_column_type(statement, column) is raw.SQLITE_TEXT or raw.SQLITE_BLOB
            ? (long)raw.sqlite3_column_bytes(statement, column) * Growth : 32;

    public static void Write(Utf8JsonWriter json, sqlite3_stmt statement, int column)
    {
        switch (raw.sqlite3_column_type(statement, column))
        {
            case raw.SQLITE_INTEGER:
                json.WriteNumberValue(raw.sqlite3_column_int64(statement, column));
                break;
            case raw.SQLITE_FLOAT when raw.sqlite3_column_double(statement, column) is var number && double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case raw.SQLITE_TEXT:
                json.WriteStringValue(raw.sqlite3_column_text(statement, column).utf8_to_string());
                break;
            case raw.SQLITE_BLOB:
                json.WriteStartArray();
                foreach (var part in raw.sqlite3_column_blob(statement, column))
                {
                    json.WriteNumberValue((uint)part);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
