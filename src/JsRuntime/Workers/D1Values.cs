using System.Text.Json;
using System.Text.Json.Nodes;
using SQLitePCL;

namespace Remix.JsRuntime.Workers;

/// <summary>How D1 writes values in JSON: bytes are arrays of numbers, truth is 1 or 0.</summary>
internal static class D1Values
{
    public static int Bind(sqlite3_stmt statement, int place, JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => raw.sqlite3_bind_null(statement, place),
        JsonValueKind.String => raw.sqlite3_bind_text(statement, place, (string)value!),
        JsonValueKind.True => raw.sqlite3_bind_int64(statement, place, 1),
        JsonValueKind.False => raw.sqlite3_bind_int64(statement, place, 0),
        JsonValueKind.Array => raw.sqlite3_bind_blob(statement, place, value.AsArray().Select(number => (byte)(int)number!).ToArray()),
        _ => value.AsValue().TryGetValue<long>(out var whole) ? raw.sqlite3_bind_int64(statement, place, whole)
            : raw.sqlite3_bind_double(statement, place, value.GetValue<double>()),
    };

    public static JsonArray Row(sqlite3_stmt statement)
    {
        var row = new JsonArray();
        for (var i = 0; i < raw.sqlite3_column_count(statement); i++)
        {
            row.Add(raw.sqlite3_column_type(statement, i) switch
            {
                raw.SQLITE_INTEGER => JsonValue.Create(raw.sqlite3_column_int64(statement, i)),
                raw.SQLITE_FLOAT => JsonValue.Create(raw.sqlite3_column_double(statement, i)),
                raw.SQLITE_TEXT => JsonValue.Create(raw.sqlite3_column_text(statement, i).utf8_to_string()),
                raw.SQLITE_BLOB => new JsonArray([.. raw.sqlite3_column_blob(statement, i).ToArray().Select(part => (JsonNode)(int)part)]),
                _ => (JsonNode?)null,
            });
        }

        return row;
    }
}
