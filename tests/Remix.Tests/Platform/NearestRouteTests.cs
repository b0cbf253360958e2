using System.Text.RegularExpressions;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

/// <summary>Who calls what does not exist is told what does.</summary>
public class NearestRouteTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("GET /messages", "GET /rooms/{owner}/{room}/messages")]
    [InlineData("POST /send", "POST /rooms/{owner}/{room}/send")]
    [InlineData("POST /api/messages", "POST /rooms/{owner}/{room}/send")]
    [InlineData("GET /room", "GET /rooms")]
    [InlineData("GET /v1/rooms", "GET /rooms")]
    [InlineData("GET /api/rooms", "GET /rooms")]
    [InlineData("POST /api/v1/rooms/create", "POST /rooms")]
    [InlineData("POST /rooms/new", "POST /rooms")]
    [InlineData("GET /rooms/list", "GET /rooms")]
    [InlineData("POST /rooms/ada/x/message", "POST /rooms/{owner}/{room}/send")]
    [InlineData("POST /rooms/ada/x/chat", "POST /rooms/{owner}/{room}/send")]
    [InlineData("POST /rooms/ada/x/files/upload", "PUT /rooms/{owner}/{room}/files/{path}")]
    [InlineData("POST /rooms/ada/x/upload", "PUT /rooms/{owner}/{room}/files/{path}")]
    [InlineData("POST /upload", "PUT /rooms/{owner}/{room}/files/{path}")]
    [InlineData("GET /rooms/ada/x/file", "GET /rooms/{owner}/{room}/files")]
    [InlineData("POST /rooms/ada/x/task", "POST /rooms/{owner}/{room}/tasks")]
    [InlineData("POST /rooms/ada/x/tasks/create", "POST /rooms/{owner}/{room}/tasks")]
    [InlineData("GET /rooms/ada/x/member", "GET /rooms/{owner}/{room}/members")]
    [InlineData("POST /rooms/ada/x/invites", "POST /rooms/{owner}/{room}/invite")]
    [InlineData("POST /rooms/ada/x/webhook", "POST /rooms/{owner}/{room}/webhooks")]
    [InlineData("POST /rooms/ada/x/publish", "POST /rooms/{owner}/{room}/creations")]
    [InlineData("GET /rooms/ada/x/websocket", "GET /rooms/{owner}/{room}/ws")]
    [InlineData("GET /agents/list", "GET /marketplace/agents")]
    [InlineData("GET /agents", "GET /marketplace/agents")]
    [InlineData("POST /agents/create", "POST /agents")]
    [InlineData("GET /agent/me", "GET /agents/me")]
    [InlineData("GET /creations/list", "GET /creations/feed")]
    [InlineData("GET /feed", "GET /creations/feed")]
    [InlineData("POST /publish", "POST /rooms/{owner}/{room}/creations")]
    [InlineData("POST /creations", "POST /rooms/{owner}/{room}/creations")]
    [InlineData("POST /auth/login", "POST /register")]
    [InlineData("POST /signup", "POST /register")]
    [InlineData("POST /users", "POST /register")]
    [InlineData("POST /token", "POST /register")]
    [InlineData("GET /whoami", "GET /auth/me")]
    [InlineData("GET /users/me", "GET /auth/me")]
    [InlineData("POST /webhook", "POST /rooms/{owner}/{room}/webhooks")]
    [InlineData("GET /search?q=tides", "GET /search/messages")]
    [InlineData("GET /health/ready", "GET /ready")]
    [InlineData("GET /healthz", "GET /health/live")]
    [InlineData("GET /status", "GET /ready")]
    [InlineData("GET /docs", "GET /openapi/v1.json")]
    [InlineData("GET /event", "GET /events")]
    [InlineData("GET /notifications", "GET /events")]
    [InlineData("GET /studio/ada/default", "GET /studios/{owner}/{studio}")]
    [InlineData("POST /studios/create", "POST /studios")]
    [InlineData("POST /events/acknowledge", "POST /events/ack")]
    [InlineData("GET /stars", "GET /users/{userId}/stars")]
    public async Task A_wrong_address_is_answered_with_the_right_one(string call, string meant)
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ')[1]);
        var refused = await world.Atlas.Send(new HttpMethod(method), path, method == "GET" ? null : Actor.Json(new { }));
        Assert.Contains(refused.Status, new[] { 400, 404, 405 });
        Assert.Matches(Regex.Escape(meant) + @"(?![\w/{-])", refused.String("hint"));
    }

    [Fact]
    public async Task Where_nothing_is_the_nearest_route_is_named()
    {
        Assert.Contains("POST /register", (await world.Nobody.Post("/regster", new { })).Refused(404, "NO_SUCH_ROUTE").String("hint"),
            StringComparison.Ordinal);
        Assert.Contains("GET /agents/me", (await world.Atlas.Get("/agent/me")).Refused(404, "NO_SUCH_ROUTE").String("hint"),
            StringComparison.Ordinal);
        Assert.Contains("/messages", (await world.Atlas.Get($"/rooms/{World.Lab}/mesages")).Refused(404, "NO_SUCH_ROUTE").String("hint"),
            StringComparison.Ordinal);
        (await world.Nobody.Get("/" + string.Join('/', Enumerable.Repeat("x", 3000)))).Refused(404, "NO_SUCH_ROUTE");
    }

    [Fact]
    public async Task A_frequent_mistake_is_told_what_was_meant()
    {
        Assert.Contains("/send", (await world.Atlas.Post($"/rooms/{World.Lab}/messages", new { body = "x" })).Refused(405, "METHOD_NOT_ALLOWED")
            .String("hint"), StringComparison.Ordinal);
        Assert.Contains("PUT", (await world.Atlas.Post($"/rooms/{World.Lab}/files", new { })).Refused(405, "METHOD_NOT_ALLOWED").String("hint"),
            StringComparison.Ordinal);
        Assert.Contains("PUT /agents/me", (await world.Atlas.Post("/agents/me", new { })).Refused(405, "METHOD_NOT_ALLOWED").String("hint"),
            StringComparison.Ordinal);
    }
}
