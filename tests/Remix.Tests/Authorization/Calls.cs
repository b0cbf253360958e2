using System.Net.WebSockets;
using Remix.Tests.Support;

namespace Remix.Tests.Authorization;

/// <summary>Makes the call of a rule, well formed, so that only who makes it decides.</summary>
internal sealed class Calls(Cast cast)
{
    private const string Absent = "00000000-0000-7000-8000-000000000000";

    private static readonly string Wrap = Convert.ToBase64String(new byte[92]);

    /// <summary>The studio of each visibility.</summary>
    public Dictionary<string, string> Studios { get; } = new(StringComparer.Ordinal);

    /// <param name="stage">The room that the address names, and its things; null where the route is of no room.</param>
    /// <param name="roomId">Another room to name instead, with the same things.</param>
    public async Task<Answer> Make(Rule rule, Who who, string visibility, Stage? stage, string? roomId = null)
    {
        var caller = cast[who];
        var path = Address(rule, stage, roomId ?? stage?.RoomId, visibility);
        if (who == Who.L && stage is not null)
        {
            path += (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "token=" + stage.Link;
        }

        return await caller.Send(new HttpMethod(rule.Method), path, Content(rule, caller, roomId ?? stage?.RoomId));
    }

    /// <summary>The same for the two that never end: the status, or 200 when the greeting came.</summary>
    public async Task<int> Listen(Rule rule, Who who, string visibility, Stage stage)
    {
        var caller = cast[who];
        var query = who == Who.L ? "?token=" + stage.Link : "";
        (string, string)[] headers = who is Who.N or Who.L ? [] : [("Authorization", "Bearer " + caller.Token)];
        var url = $"{cast.World.BaseUrl}{Address(rule, stage, stage.RoomId, visibility)}{query}";
        if (rule.Path.EndsWith("/ws", StringComparison.Ordinal))
        {
            return await Knock(url, headers);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Item1, header.Item2));
        using var response = await cast.World.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)response.StatusCode;
    }

    private static async Task<int> Knock(string url, (string, string)[] headers)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        Array.ForEach(headers, header => socket.Options.SetRequestHeader(header.Item1, header.Item2));
        try
        {
            await socket.ConnectAsync(new Uri(url.Replace("http", "ws", StringComparison.Ordinal)), CancellationToken.None);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != default)
        {
            return (int)socket.HttpStatusCode;
        }

        if (headers.Length == 0)
        {
            await socket.SendAsync("{\"type\":\"auth\",\"token\":\"nobody's\"}"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var heard = new byte[16 * 1024];
        var first = await socket.ReceiveAsync(heard, patience.Token);
        var refused = first.MessageType == WebSocketMessageType.Close
            || System.Text.Encoding.UTF8.GetString(heard, 0, first.Count).Contains("\"error\"", StringComparison.Ordinal);
        return refused ? 401 : 200;
    }

    private string Address(Rule rule, Stage? stage, string? roomId, string visibility)
    {
        var parts = (rule.Path.Contains("{studio}", StringComparison.Ordinal) ? Studios[visibility] : roomId ?? "/").Split('/');
        var agent = (rule.Path.StartsWith("/rooms", StringComparison.Ordinal) ? cast.World.Bot : cast.Host).Name.Split('/');
        var path = rule.Path.Replace("{owner}", parts[0], StringComparison.Ordinal).Replace("{room}", parts[1], StringComparison.Ordinal)
            .Replace("{studio}", parts[1], StringComparison.Ordinal)
            .Replace("{user}", agent[0], StringComparison.Ordinal).Replace("{name}", agent[1], StringComparison.Ordinal)
            .Replace("{id}", Absent, StringComparison.Ordinal)
            .Replace("{userId}", cast[Who.O].Name, StringComparison.Ordinal)
            .Replace("{messageId}", stage?.MessageId, StringComparison.Ordinal).Replace("{requestId}", stage?.RequestId, StringComparison.Ordinal)
            .Replace("{taskId}", stage?.TaskId ?? Absent, StringComparison.Ordinal)
            .Replace("{webhookId}", stage?.WebhookId ?? Absent, StringComparison.Ordinal)
            .Replace("{shareToken}", stage?.ShareToken ?? "gone", StringComparison.Ordinal)
            .Replace("{app}", Absent, StringComparison.Ordinal).Replace("{skill}", "remix", StringComparison.Ordinal)
            .Replace("{path}", FileOf(rule), StringComparison.Ordinal);
        path = path.StartsWith(AuthorizationTests.OfCreations, StringComparison.Ordinal) ? $"/art/{stage?.CreationId}{path}" : path;
        return path + rule.Name switch
        {
            "GET /events" => "?timeout=0",
            "GET /search/messages" => "?q=here",
            "GET /badge/remix.svg" => "?label=a&value=b",
            _ => "",
        };
    }

    private static string FileOf(Rule rule) => rule.Method == "DELETE" ? "waste.md"
        : rule.Path.StartsWith("/skills", StringComparison.Ordinal) ? "rooms.md" : "notes.md";

    private HttpContent? Content(Rule rule, Actor caller, string? roomId)
    {
        if (rule.Method is "GET" or "DELETE")
        {
            return null;
        }

        if (rule.Path.EndsWith("{path}", StringComparison.Ordinal))
        {
            return Actor.Bytes("Notes"u8.ToArray(), "text/markdown");
        }

        var own = caller == cast.World.Nobody ? "nobody" : caller.Name.Split('/')[0];
        var path = rule.Path.Replace("/rooms/{owner}/{room}", "…", StringComparison.Ordinal)
            .Replace("/studios/{owner}/{studio}", "studio", StringComparison.Ordinal)
            .Replace("/agents/{user}/{name}", "agent", StringComparison.Ordinal);
        return Actor.Json(path switch
        {
            "/agents" => new { agent_id = $"{cast[Who.O].Name}/{cast.Fresh("new")}" },
            "/agents/me" => new { name = "Me" },
            "/agents/me/availability" => new { status = "here" },
            "/agents/me/webhook" => new { url = "https://example.com/mine" },
            "agent/meet" or "/dm/{user}/{name}" => new { message = "Hello" },
            "agent/vote" or "…/vote" => new { value = 1 },
            "/rooms" => new { room_id = $"{own}/{cast.Fresh("new")}" },
            "…" => new { name = "Room" },
            "…/remix" => new { room_id = $"{own}/{cast.Fresh("fork")}" },
            "…/visibility" => new { goals = "Goals" },
            "…/announce" => new { topic = "Topic" },
            "…/progress" => new { percentage = 1 },
            "…/invite" => new { agents = new[] { cast.World.Bot.Name } },
            "…/members/{user}/{name}/role" => new { role = "member" },
            "…/requests/{requestId}" => new { action = "reject" },
            "…/send" or "…/messages/{messageId}" or "/__remix/send" => new { body = "Said" },
            "…/send-batch" => new { messages = new[] { new { body = "Said" } } },
            "…/moderate/{messageId}" => new { action = "approve" },
            "…/keys" => new { key_version = 1, wraps = new Dictionary<string, string>(StringComparer.Ordinal) { [own] = Wrap } },
            "…/tasks" => new { title = "To do" },
            "…/tasks/{taskId}" => new { title = "To do" },
            "…/tasks/{taskId}/log" => new { message = "Done" },
            "…/restore-file" => new { path = "notes.md", revision = 1 },
            "…/upload-url" or "…/download-url" => new { path = "notes.md" },
            "…/upload-urls" => new { files = new[] { new { path = "notes.md" } } },
            "…/creations" or "…/creations/check" => new { topic = "Tides", source_dir = "nowhere" },
            "…/feedback" => new { action = "revise", feedback = "Shorter" },
            "…/webhooks" => new { url = "https://example.com/hook" },
            "/events/ack" => new { ids = new[] { "evt_1" } },
            "/studios" => new { studio_id = $"{cast[Who.O].Name}/{cast.Fresh("studio")}", name = "Studio" },
            "studio" => new { name = "Studio" },
            "studio/subscribe" when rule.Method == "PUT" => new { notify = true },
            "studio/publish" => new { topic = "Tides" },
            _ => null,
        });
    }
}
