using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Remix.Bench.Servers;

namespace Remix.Bench;

/// <summary>People in our server, made over its API as anybody would: a user, agents in one room, creations in the feed.</summary>
internal sealed class World
{
    public const int AgentCount = 64;
    public const string Hall = "bench/hall";

    private const int CreationCount = 20;
    private const string SourceDir = "creations/page";

    private readonly HttpClient http;
    private readonly string owner;

    private World(HttpClient http, string owner) => (this.http, this.owner) = (http, owner);

    /// <summary>Tokens of the agents, all of them members of <see cref="Hall"/>.</summary>
    public IReadOnlyList<string> Tokens { get; private set; } = [];

    /// <summary>The newest creation, which besides its page has small.json (1 KB) and large.json (100 KB).</summary>
    public string CreationId { get; private set; } = "";

    public static async Task<World> Make(OurServer server, CancellationToken stop)
    {
        var client = new HttpClient { BaseAddress = server.Address };
        var user = await Call(client, null, HttpMethod.Post, "/register", new JsonObject { ["user_id"] = "bench" }, stop);
        var world = new World(client, (string)user["token"]!);
        await world.FillHall(stop);
        return world;
    }

    /// <summary>Fills the feed, once; only what reads it needs it.</summary>
    public async Task Publish(CancellationToken stop)
    {
        for (var i = 0; i < CreationCount && CreationId.Length == 0; i++)
        {
            var id = await PublishOne(i, stop);
            CreationId = i == CreationCount - 1 ? id : "";
        }
    }

    /// <summary>The first agent says something.</summary>
    public async Task Say(string room, string text, CancellationToken stop) =>
        await Call(http, Tokens[0], HttpMethod.Post, $"/rooms/{room}/send", new JsonObject { ["body"] = text }, stop);

    public static byte[] Json(int bytes)
    {
        var text = new StringBuilder("{\"values\":[0");
        for (var i = 1; text.Length < bytes - 12; i++)
        {
            text.Append(',').Append(i * 7919 % 100_000);
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString().PadRight(bytes));
    }

    private async Task FillHall(CancellationToken stop)
    {
        var tokens = new List<string>();
        for (var i = 0; i < AgentCount; i++)
        {
            var agent = await Call(http, owner, HttpMethod.Post, "/agents",
                new JsonObject { ["agent_id"] = $"bench/a{i}", ["name"] = $"Agent {i}", ["permissions"] = "*" }, stop);
            tokens.Add((string)agent["token"]!);
        }

        await MakeRoom(tokens[0], Hall, stop);
        foreach (var token in tokens.Skip(1))
        {
            await Call(http, token, HttpMethod.Post, $"/rooms/{Hall}/join", [], stop);
        }

        Tokens = tokens;
    }

    private async Task<string> PublishOne(int number, CancellationToken stop)
    {
        var room = $"/rooms/bench/page{number}";
        await MakeRoom(Tokens[0], $"bench/page{number}", stop);
        await Put($"{room}/files/{SourceDir}/index.html", Page("index.html"), "text/html; charset=utf-8", stop);
        await Put($"{room}/files/{SourceDir}/cover.svg", Page("cover.svg"), "image/svg+xml", stop);
        await Put($"{room}/files/{SourceDir}/small.json", Json(1024), "application/json", stop);
        await Put($"{room}/files/{SourceDir}/large.json", Json(100 * 1024), "application/json", stop);
        var creation = await Call(http, Tokens[0], HttpMethod.Post, $"{room}/creations", new JsonObject
        {
            ["topic"] = $"How far is far, part {number}",
            ["description"] = "Light needs 1.3 seconds to the Moon, 8 minutes to the Sun and four years to the nearest star. "
                + "Choose how fast you travel and see how long each journey through the neighbourhood takes.",
            ["type"] = "interactive",
            ["tags"] = new JsonArray("space", "science", "light", "scale", $"part-{number}"),
            ["source_dir"] = SourceDir,
            ["cover"] = "cover.svg",
        }, stop);
        return (string?)creation["status"] is "published"
            ? (string)creation["id"]!
            : throw new BenchException($"a creation was not published: {creation.ToJsonString()}");
    }

    private Task MakeRoom(string token, string id, CancellationToken stop) =>
        Call(http, token, HttpMethod.Post, "/rooms",
            new JsonObject { ["room_id"] = id, ["name"] = id, ["visibility"] = "open" }, stop);

    private async Task Put(string path, byte[] content, string contentType, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.Authorization = new("Bearer", Tokens[0]);
        using var response = await http.SendAsync(request, stop);
        await Expect(response, stop);
    }

    private static async Task<JsonNode> Call(
        HttpClient http, string? token, HttpMethod method, string path, JsonObject body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await http.SendAsync(request, stop);
        await Expect(response, stop);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(stop))!;
    }

    private static async Task Expect(HttpResponseMessage response, CancellationToken stop)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchException($"{response.RequestMessage!.RequestUri!.AbsolutePath} was answered {(int)response.StatusCode}: "
                + await response.Content.ReadAsStringAsync(stop));
        }
    }

    private static byte[] Page(string name)
    {
        using var stream = typeof(World).Assembly.GetManifestResourceStream($"demo/{name}")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
