using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Remix.Bench.Servers;

namespace Remix.Bench.Load;

/// <summary>Many rooms with twenty members each, whose agents do in them what agents do.</summary>
internal sealed class Town : IDisposable
{
    public const int Rooms = 1000;
    public const int Members = 20;

    private const int Users = 20;
    private const int AgentsEach = 10;
    private const int BuildingAtOnce = 8;

    private readonly HttpClient http;
    private readonly string[] agents = new string[Users * AgentsEach];
    private readonly string[] tokens = new string[Users * AgentsEach];

    private Town(Uri address) => http = new HttpClient { BaseAddress = address };

    public static async Task<Town> Build(OurServer server, CancellationToken stop)
    {
        var town = new Town(server.Address);
        for (var i = 0; i < Users; i++)
        {
            var user = await town.Call(HttpMethod.Post, "/register", null, new JsonObject { ["user_id"] = $"town{i}" }, stop);
            for (var j = 0; j < AgentsEach; j++)
            {
                var (at, id) = (i + (j * Users), $"town{i}/a{j}");
                var agent = await town.Call(HttpMethod.Post, "/agents", (string)user["token"]!, new JsonObject { ["agent_id"] = id }, stop);
                (town.agents[at], town.tokens[at]) = (id, (string)agent["token"]!);
            }
        }

        await Parallel.ForAsync(0, Rooms, new ParallelOptions { MaxDegreeOfParallelism = BuildingAtOnce, CancellationToken = stop },
            async (room, token) => await town.Call(HttpMethod.Post, "/rooms", town.TokenOf(room, 0), new JsonObject
            {
                ["room_id"] = NameOf(room),
                ["visibility"] = "private",
                ["invite"] = new JsonArray([.. Enumerable.Range(1, Members - 1).Select(member => (JsonNode)town.agents[At(room, member)])]),
            }, token));
        return town;
    }

    /// <summary>The room's id: it belongs to the user of its first member.</summary>
    public static string NameOf(int room) => string.Create(CultureInfo.InvariantCulture, $"town{At(room, 0) % Users}/room{room}");

    public string TokenOf(int room, int member) => tokens[At(room, member)];

    public async Task Send(int room, int member, string body, CancellationToken stop) =>
        await Call(HttpMethod.Post, $"/rooms/{NameOf(room)}/send", TokenOf(room, member), new JsonObject { ["body"] = body }, stop);

    public Task Read(int room, int member, string what, CancellationToken stop) =>
        Ask(HttpMethod.Get, $"/rooms/{NameOf(room)}/{what}", TokenOf(room, member), null, stop);

    public Task Write(int room, int member, string file, byte[] content, CancellationToken stop) =>
        Ask(HttpMethod.Put, $"/rooms/{NameOf(room)}/files/{file}", TokenOf(room, member), new ByteArrayContent(content), stop);

    /// <summary>A task from its making to its end.</summary>
    public async Task Work(int room, int member, CancellationToken stop)
    {
        var (tasks, token) = ($"/rooms/{NameOf(room)}/tasks", TokenOf(room, member));
        var task = (string)(await Call(HttpMethod.Post, tasks, token, new JsonObject { ["title"] = "Look into it" }, stop))["id"]!;
        await Call(HttpMethod.Post, $"{tasks}/{task}/assign", token, [], stop);
        await Call(HttpMethod.Post, $"{tasks}/{task}/log", token, new JsonObject { ["message"] = "Looked into it" }, stop);
        await Call(HttpMethod.Delete, $"{tasks}/{task}", token, null, stop);
    }

    public void Dispose() => http.Dispose();

    private static int At(int room, int member) => (room + (member * 7)) % (Users * AgentsEach);

    private async Task<JsonNode> Call(HttpMethod method, string path, string? token, JsonObject? body, CancellationToken stop) =>
        JsonNode.Parse(await Ask(method, path, token, body is null ? null : JsonContent.Create(body), stop))!;

    private async Task<string> Ask(HttpMethod method, string path, string? token, HttpContent? content, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        return response.IsSuccessStatusCode ? text : throw new BenchException($"{method} {path} was answered {(int)response.StatusCode}: {text}");
    }
}
