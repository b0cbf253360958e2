using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Http.Ports;
using Remix.Rooms;
using Remix.Tests.Support;

namespace Remix.Tests.Authorization;

/// <summary>Every cell of authorization.tsv against the server.</summary>
public partial class AuthorizationTests(AuthorizationTests.Prepared prepared) : IClassFixture<AuthorizationTests.Prepared>
{
    /// <summary>Areas whose own tests say who may what. Where their routes name a room or a studio, the table says it all the same.</summary>
    private static readonly string[] ElsewhereAreas = ["creations", "feed", "social", "games", "identity", "pages"];

    /// <summary>What is the same for everybody.</summary>
    private static readonly string[] Assets =
    [
        "GET /favicon.ico", "GET /robots.txt", "GET /assets/{version}/{path}", "GET /openapi/v1.json", "GET /v1/_doc/{documentName}.json",
    ];

    /// <summary>Routes of a creation's own host, whose room is the one that it came from.</summary>
    internal const string OfCreations = "/__remix/";

    /// <summary>Those that change who is who, each in rooms of its own.</summary>
    private static readonly string[] Changing = ["DELETE ", "/archive", "/unarchive", "/join", "/leave", "/request-join"];

    private static readonly HashSet<string> FromCallToCall =
        new(["X-Request-Id", "Date", "X-RateLimit-Remaining", "X-RateLimit-Reset"], StringComparer.OrdinalIgnoreCase);

    private readonly Cast cast = prepared.Cast;
    private readonly Calls calls = prepared.Calls;

    /// <summary>Everybody, in all rooms that are needed.</summary>
    public sealed class Prepared : IAsyncLifetime
    {
        private readonly World world = new();

        internal Cast Cast { get; private set; } = null!;

        internal Calls Calls { get; private set; } = null!;

        /// <summary>The rooms of each visibility, by the route that needs one of its own; "" is the one for all others.</summary>
        internal Dictionary<(string Route, string Visibility), Stage> Stages { get; } = [];

        public async ValueTask InitializeAsync()
        {
            await world.InitializeAsync();
            Cast = new Cast(world);
            Calls = new Calls(Cast);
            await Cast.Enter();
            foreach (var visibility in Cast.Visibilities)
            {
                var studio = $"{Cast[Who.O].Name}/{visibility}";
                (await Cast[Who.O].Post("/studios",
                    new { studio_id = studio, name = "S", visibility = visibility == "open" ? "listed" : visibility }))
                    .Ok(201);
                Calls.Studios[visibility] = studio;
                foreach (var route in AuthorizationTable.Rules.Select(RoomFor).Distinct(StringComparer.Ordinal))
                {
                    Stages[(route, visibility)] = await Cast.Build(visibility, publishes: route.Length == 0);
                }
            }

            await Cast.ArchiveOne();
        }

        public ValueTask DisposeAsync() => world.DisposeAsync();
    }

    [Fact]
    public void Every_route_of_a_room_has_a_row()
    {
        var known = AuthorizationTable.Rules.Select(rule => rule.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], Routes().Where(route => !known.Contains(route)));
        Assert.Equal([], known.Except(Routes(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Everybody_gets_what_the_table_says()
    {
        var wrong = new List<string>();
        foreach (var rule in AuthorizationTable.Rules.OrderBy(Ends))
        {
            for (var column = 0; column < rule.Cells.Count; column++)
            {
                var visibility = Cast.Visibilities[column];
                var stage = StageFor(rule, visibility);
                var cell = rule.Cells[column];
                foreach (var who in Enum.GetValues<Who>().OrderBy(who => cell[(int)who] == '2'))
                {
                    var (status, said) = await Ask(rule, who, visibility, stage);
                    var outcome = status switch { 401 => '1', 403 => '3', 404 => '4', _ => '2' };
                    if (outcome != cell[(int)who])
                    {
                        wrong.Add($"{rule.Name}, {visibility}, {who}: {cell[(int)who]} wanted, {said}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differences:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public async Task What_one_may_not_see_is_answered_as_what_does_not_exist()
    {
        var wrong = new List<string>();
        foreach (var rule in AuthorizationTable.Rules.Where(rule => rule.Path.Contains("/{owner}/{room}", StringComparison.Ordinal)
            && !IsLive(rule)))
        {
            var stage = prepared.Stages[("", "private")];
            var absent = stage.RoomId[..^1] + (stage.RoomId[^1] == 'x' ? 'y' : 'x');
            foreach (var who in Enum.GetValues<Who>().Where(who => who is not (Who.O or Who.P) && rule.Cells[0][(int)who] != '2'))
            {
                var hidden = await calls.Make(rule, who, "private", stage);
                var missing = await calls.Make(rule, who, "private", stage, absent);
                var (one, other) = (Plain(hidden, stage.RoomId), Plain(missing, absent));
                if (hidden.Status == 404 && one != other)
                {
                    wrong.Add($"{rule.Name}, {who}:\n  {one}\n  {other}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task What_one_may_not_see_is_looked_up_each_time_as_what_does_not_exist_is()
    {
        var roomId = prepared.Stages[("", "private")].RoomId;
        var rooms = cast.World.Services.GetRequiredService<RoomDirectory>();
        foreach (var who in new[] { Who.N, Who.U, Who.S, Who.p, Who.x, Who.z, Who.e })
        {
            (await cast[who].Get($"/rooms/{roomId}")).Refused(404, "NOT_FOUND");
            Assert.False(rooms.Remembers(roomId, who == Who.N ? "" : cast[who].Name), $"{who}");
        }

        foreach (var who in new[] { Who.O, Who.m })
        {
            (await cast[who].Get($"/rooms/{roomId}")).Ok();
            Assert.True(rooms.Remembers(roomId, cast[who].Name), $"{who}");
        }
    }

    [Fact]
    public async Task An_agents_list_of_rooms_leaves_out_the_private_ones_outside_its_scope()
    {
        var (stages, agent) = (prepared.Stages, cast[Who.e]);
        var listed = (await agent.Get("/rooms?limit=200")).Ok();
        var ids = listed.Items.Select(room => room.Text("room_id")).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(stages[("", "open")].RoomId, ids);
        Assert.DoesNotContain(stages[("", "private")].RoomId, ids);
        Assert.Equal(ids.Count, listed.Number("total"));
        Assert.Contains(stages[("", "private")].RoomId, (await cast[Who.m].Get("/rooms?limit=200")).Ok().Text, StringComparison.Ordinal);
    }

    private async Task<(int Status, string Said)> Ask(Rule rule, Who who, string visibility, Stage? stage)
    {
        if (IsLive(rule))
        {
            var heard = await calls.Listen(rule, who, visibility, stage!);
            return (heard, $"{heard}");
        }

        var answer = await calls.Make(rule, who, visibility, stage);
        if (stage is not null && rule.Method == "DELETE" && answer.Status < 300)
        {
            await Restore(rule, stage);
        }

        return (answer.Status, answer.ToString());
    }

    private async Task Restore(Rule rule, Stage stage)
    {
        switch (rule.Path.Split('/')[^1])
        {
            case "{taskId}": stage.TaskId = null; break;
            case "{shareToken}": stage.ShareToken = null; break;
            case "{webhookId}": stage.WebhookId = null; break;
            case "{path}": stage.File = null; break;
            case "{name}": (await cast[Who.A].Post($"/rooms/{stage.RoomId}/invite", new { agents = new[] { cast.World.Bot.Name } })).Ok(); break;
            default: return;
        }

        await cast.Replenish(stage);
    }

    private Stage? StageFor(Rule rule, string visibility) =>
        rule.Path.Contains("{room}", StringComparison.Ordinal) || rule.Path.StartsWith(OfCreations, StringComparison.Ordinal) ? prepared.Stages[(RoomFor(rule), visibility)] : null;

    private static string RoomFor(Rule rule) => rule.Path.StartsWith("/rooms/{", StringComparison.Ordinal)
        && Changing.Any(part => rule.Name.EndsWith(part, StringComparison.Ordinal) || rule.Name == part + "/rooms/{owner}/{room}") ? rule.Name : "";

    /// <summary>Those that end what other rules still need come last.</summary>
    private static bool Ends(Rule rule) => rule.Name is "DELETE /agents/{user}/{name}" or "DELETE /studios/{owner}/{studio}";

    private static bool IsLive(Rule rule) =>
        rule.Path.EndsWith("/ws", StringComparison.Ordinal) || rule.Path is "/rooms/{owner}/{room}/stream" or OfCreations + "events";

    /// <summary>Status, headers and body without what differs from call to call, and without the room's name.</summary>
    private static string Plain(Answer answer, string roomId)
    {
        var headers = answer.Headers.Concat(answer.ContentHeaders)
            .Where(header => !FromCallToCall.Contains(header.Key))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
        return $"{answer.Status} {string.Join(" | ", headers)} "
            + RequestId().Replace(answer.Text, "").Replace(roomId, "ROOM", StringComparison.Ordinal);
    }

    /// <summary>Whatever is not known to belong elsewhere belongs here, so that a new route cannot be forgotten.</summary>
    private IEnumerable<string> Routes() => cast.World.Services.GetRequiredService<EndpointDataSource>().OnPlatform()
        .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Select(method => (Areas: route.Metadata.GetOrderedMetadata<ITagsMetadata>().SelectMany(tags => tags.Tags),
                Name: $"{method} {Parameter().Replace("/" + route.RoutePattern.RawText!.Trim('/'), "{$1}")}")))
        .Where(route => (NamesRoom(route.Name) || !route.Areas.Any() || !route.Areas.All(ElsewhereAreas.Contains))
            && !Assets.Contains(route.Name, StringComparer.Ordinal))
        .Select(route => route.Name).Concat(RoutesOfCreations()).Distinct(StringComparer.Ordinal);

    /// <summary>Those are no routes of this host: the document names them.</summary>
    private static IEnumerable<string> RoutesOfCreations()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs/api/openapi.json")));
        return [.. document.RootElement.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith(OfCreations, StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(call => $"{call.Name.ToUpperInvariant()} {path.Name}"))];
    }

    private static bool NamesRoom(string route) =>
        route.Contains("{room}", StringComparison.Ordinal) || route.Contains("{studio}", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("\"request_id\":\"[^\"]*\"")]
    private static partial Regex RequestId();
}
