using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Remix.JsRuntime.Workers;

/// <summary>Hears what the tail of a tenant's process says of invocations that are over, and bounds what is kept of each.</summary>
internal sealed class WorkerLog(Action<WorkerInvocation> heard)
{
    /// <summary>The engine keeps less than this of one invocation; several may come together.</summary>
    private const int BytesMax = 4 * 1024 * 1024;

    private const int LinesMax = 1000, LineLengthMax = 8 * 1024, ExceptionsMax = 20;

    public async Task Answer(HttpContext context)
    {
        if (context.Request.ContentLength is null or > BytesMax)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = 512 });
            foreach (var told in document.RootElement.EnumerateArray())
            {
                heard(Read(told));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    private static WorkerInvocation Read(JsonElement told)
    {
        var at = Number(told, "at");
        return new WorkerInvocation(Text(told, "event"), Text(told, "outcome"), at,
            [.. told.GetProperty("logs").EnumerateArray().Take(LinesMax)
                .Select(line => new JsLogLine(Text(line, "level"), Text(line, "text"), (int)Math.Clamp(Number(line, "at") - at, 0, int.MaxValue)))],
            [.. told.GetProperty("exceptions").EnumerateArray().Take(ExceptionsMax)
                .Select(thrown => new JsError(Text(thrown, "name"), Text(thrown, "message"), Text(thrown, "stack")))]);
    }

    private static long Number(JsonElement from, string field) =>
        from.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    private static string Text(JsonElement from, string field)
    {
        var text = from.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return text.Length > LineLengthMax ? $"{text[..LineLengthMax]}…" : text;
    }
}
