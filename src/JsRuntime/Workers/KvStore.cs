using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Data.Sqlite;

namespace Remix.JsRuntime.Workers;

/// <summary>A KV namespace, as the binding in a worker speaks to it: keys in the path, metadata in a header.</summary>
internal sealed class KvStore
{
    private const int KeyBytesMax = 512, MetadataBytesMax = 1024, ValueBytesMax = 25 * 1024 * 1024, ListMax = 1000, BulkMax = 100;
    private const int ExpirySecondsMin = 60;
    private const string MetadataHeader = "CF-KV-Metadata";

    private readonly TenantDatabase database;
    private readonly SemaphoreSlim writing = new(1);

    public KvStore(string folder, string name)
    {
        database = new TenantDatabase(Path.Combine(folder, $"kv-{name}.db"));
        using var connection = database.Open(CancellationToken.None);
        TenantDatabase.Run(connection, "create table if not exists kv "
            + "(key text primary key, value blob not null, metadata text, expires integer) without rowid");
    }

    public async Task Answer(HttpContext context)
    {
        // The key is what stands between the slash and the question mark, escaped once.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var key = Uri.UnescapeDataString(target.Split('?')[0].TrimStart('/'));
        try
        {
            await (context.Request.Method switch
            {
                "GET" when key.Length == 0 => List(context),
                "GET" => Get(context, key),
                "PUT" => Put(context, key),
                "DELETE" => Delete(context, key),
                "POST" when key == "bulk/get" => Bulk(context),
                _ => Refuse(context, 405, "KV does not know this method"),
            });
        }
        catch (SqliteException e)
        {
            await Refuse(context, 507, e.SqliteErrorCode == 13 ? "The namespace is full" : "KV cannot do this now");
        }
        catch (BadHttpRequestException)
        {
            await Refuse(context, 413, $"A value is at most {ValueBytesMax} bytes");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            await Refuse(context, 400, "KV does not understand this");
        }
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private async Task Get(HttpContext context, string key)
    {
        if (Find(key) is not { } found)
        {
            await Refuse(context, 404, "Not Found");
            return;
        }

        if (found.Metadata is not null)
        {
            context.Response.Headers[MetadataHeader] = found.Metadata;
        }

        context.Response.ContentLength = found.Value.Length;
        await context.Response.Body.WriteAsync(found.Value);
    }

    private (byte[] Value, string? Metadata)? Find(string key)
    {
        using var connection = database.Open(CancellationToken.None);
        using var command = TenantSession.Command(connection,
            "select value, metadata from kv where key = $1 and (expires is null or expires > $2)", key, Now);
        using var reader = command.ExecuteReader();
        return reader.Read() ? ((byte[])reader[0], reader.IsDBNull(1) ? null : reader.GetString(1)) : null;
    }

    private async Task Put(HttpContext context, string key)
    {
        var metadata = context.Request.Headers[MetadataHeader].FirstOrDefault();
        if (Encoding.UTF8.GetByteCount(key) is 0 or > KeyBytesMax || key is "." or "..")
        {
            await Refuse(context, 414, $"A key is 1 to {KeyBytesMax} bytes, and neither . nor ..");
            return;
        }

        if (metadata is not null && Encoding.UTF8.GetByteCount(metadata) > MetadataBytesMax)
        {
            await Refuse(context, 413, $"Metadata is at most {MetadataBytesMax} bytes");
            return;
        }

        if (!TryExpiry(context.Request.Query, out var expires))
        {
            await Refuse(context, 400, $"Expiry lies at least {ExpirySecondsMin} seconds ahead");
            return;
        }

        using var value = new MemoryStream();
        await context.Request.Body.CopyToAsync(value, context.RequestAborted);
        if (value.Length > ValueBytesMax)
        {
            await Refuse(context, 413, $"A value is at most {ValueBytesMax} bytes");
            return;
        }

        await Write("insert into kv values ($1, $2, $3, $4) on conflict (key) do update set value = $2, metadata = $3, expires = $4",
            key, value.ToArray(), metadata, expires);
    }

    private static bool TryExpiry(IQueryCollection query, out long? expires)
    {
        expires = long.TryParse(query["expiration_ttl"], CultureInfo.InvariantCulture, out var ttl) ? Now + ttl
            : long.TryParse(query["expiration"], CultureInfo.InvariantCulture, out var at) ? at : null;
        return expires is null || expires - Now >= ExpirySecondsMin - 5;
    }

    private Task Delete(HttpContext context, string key)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        return Write("delete from kv where key = $1 or expires <= $2", key, Now);
    }

    private async Task Write(string sql, params object?[] arguments)
    {
        await writing.WaitAsync();
        try
        {
            using var connection = database.Open(CancellationToken.None);
            using var command = TenantSession.Command(connection, sql, arguments);
            command.ExecuteNonQuery();
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task List(HttpContext context)
    {
        var query = context.Request.Query;
        var most = int.TryParse(query["key_count_limit"], CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, ListMax) : ListMax;
        var prefix = query["prefix"].ToString();
        var after = query["cursor"].ToString() is { Length: > 0 } cursor ? Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor)) : "";
        using var connection = database.Open(CancellationToken.None);
        using var command = TenantSession.Command(connection, """
            select key, metadata, expires from kv
            where key > $1 and key >= $2 and key < $3 and (expires is null or expires > $4) order by key limit $5
            """, after, prefix, prefix + Objects.R2Listing.Last, Now, most + 1);
        using var reader = command.ExecuteReader();
        var keys = new JsonArray();
        while (reader.Read())
        {
            var key = new JsonObject { ["name"] = reader.GetString(0) };
            if (!reader.IsDBNull(1)) key["metadata"] = reader.GetString(1);
            if (!reader.IsDBNull(2)) key["expiration"] = reader.GetInt64(2);
            keys.Add(key);
        }

        var complete = keys.Count <= most;
        var answer = new JsonObject { ["list_complete"] = complete };
        if (!complete)
        {
            keys.RemoveAt(most);
            answer["cursor"] = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes((string)keys[most - 1]!["name"]!));
        }

        answer["keys"] = keys;
        await context.Response.WriteAsJsonAsync(answer);
    }

    private async Task Bulk(HttpContext context)
    {
        var asked = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        var keys = (asked["keys"] as JsonArray ?? []).Select(key => (string?)key ?? "").ToList();
        if (keys.Count > BulkMax)
        {
            await Refuse(context, 400, $"At most {BulkMax} keys at once");
            return;
        }

        var isJson = (string?)asked["type"] == "json";
        var answer = new JsonObject();
        foreach (var key in keys)
        {
            var found = Find(key);
            var text = found is null ? null : Encoding.UTF8.GetString(found.Value.Value);
            var value = text is null ? null : isJson ? JsonNode.Parse(text) : JsonValue.Create(text);
            answer[key] = found is not null && asked["withMetadata"]?.GetValueKind() == JsonValueKind.True
                ? new JsonObject { ["value"] = value, ["metadata"] = found.Value.Metadata is { } metadata ? JsonNode.Parse(metadata) : null }
                : value;
        }

        await context.Response.WriteAsJsonAsync(answer);
    }

    /// <summary>The error that the worker's code sees is the reason phrase.</summary>
    private static Task Refuse(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = reason;
        return Task.CompletedTask;
    }
}
