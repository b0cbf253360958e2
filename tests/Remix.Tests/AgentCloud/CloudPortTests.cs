using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

public class CloudPortTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    private readonly World world = cloud.World;

    [Fact]
    public async Task The_health_check_names_the_build()
    {
        var health = (await cloud.Nobody.Get("/")).Ok();
        Assert.Contains("build 1.", health.Text, StringComparison.Ordinal);
        Assert.Equal("text/plain", health.ContentHeaders.ContentType!.MediaType);
        Assert.True((await cloud.Nobody.Get("/", ("Accept", "application/json"))).Ok()["ok"].GetBoolean());
        Assert.Equal(16, health.Header("X-Request-Id")!.Length);
    }

    [Fact]
    public async Task Neither_port_serves_the_others_routes()
    {
        (await cloud.Nobody.Get("/health/live")).RefusedByCloud(404, "NO_SUCH_ROUTE");
        (await cloud.Alice.Get("/auth/me")).RefusedByCloud(404, "NO_SUCH_ROUTE");
        (await cloud.Nobody.Get("/openapi/v1.json")).RefusedByCloud(404, "NO_SUCH_ROUTE");
        (await cloud.Nobody.Get("/v1/_doc/v1.json")).RefusedByCloud(404, "NOT_FOUND");
        (await world.Alice.Post("/ws", new { })).Refused(404, "NO_SUCH_ROUTE");
        (await world.Alice.Get("/v1/_doc/openapi.json")).Refused(404, "NO_SUCH_ROUTE");
        Assert.False((await world.Nobody.Get("/openapi/v1.json")).Ok()["paths"].TryGetProperty("/count-activities/{ws}", out _));
        Assert.False((await cloud.Nobody.Get("/v1/_doc/openapi.json")).Ok()["paths"].TryGetProperty("/health", out _));
    }

    [Fact]
    public async Task A_host_name_does_not_bring_a_request_to_the_other_port() =>
        (await cloud.Nobody.Get("/health", ("Host", $"localhost:{world.Settings.Port}"))).RefusedByCloud(404, "NO_SUCH_ROUTE");

    [Fact]
    public async Task A_wrong_method_is_told_the_right_ones() =>
        Assert.Contains("GET", (await cloud.Alice.Put("/ws")).RefusedByCloud(405, "METHOD_NOT_ALLOWED").String("hint"), StringComparison.Ordinal);

    [Fact]
    public async Task The_older_routes_are_served_below_v0_too()
    {
        var name = (await cloud.Alice.Post("/v0/ws")).Ok(201).String("name");
        Assert.Matches("^[a-z0-9]{10}$", name);
        Assert.Contains(name, (await cloud.Alice.Get("/v0/ws/")).Ok().Text, StringComparison.Ordinal);
        (await cloud.Alice.Delete($"/v0/ws/{name}")).Ok();
        Assert.Contains("build 1.", (await cloud.Nobody.Get("/v0")).Ok().Text, StringComparison.Ordinal);
        Assert.Contains("build 1.", (await cloud.Nobody.Get("/v0/")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_come_in_every_form()
    {
        var forms = new Func<string, HttpContent>[]
        {
            name => Actor.Json($"{{\"name\":\"{name}\"}}"),
            name => Actor.Bytes(System.Text.Encoding.UTF8.GetBytes($" {{\"name\":\"{name}\"}}"), "application/x-www-form-urlencoded"),
            name => Actor.Bytes(System.Text.Encoding.UTF8.GetBytes($"{{\"name\":\"{name}\"}}"), null),
            name => new FormUrlEncodedContent([new("name", name)]),
            name => new MultipartFormDataContent { { new StringContent(name), "name" } },
        };
        foreach (var form in forms)
        {
            var name = world.FreshName("form");
            using var content = form(name);
            Assert.Equal(name, (await cloud.Alice.Post("/ws", content)).Ok(201).String("name"));
        }
    }

    [Theory]
    [InlineData("[]", "application/json", 400)]
    [InlineData("{\"name\":", "application/x-www-form-urlencoded", 400)]
    [InlineData("{\"name\":\"\\ud800\"}", "application/json", 400)]
    [InlineData("name=x", "text/plain", 415)]
    [InlineData("no multipart", "multipart/form-data; boundary=b", 400)]
    [InlineData("no boundary", "multipart/form-data", 400)]
    [InlineData("--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b", 400)]
    [InlineData("name=%00", "application/x-www-form-urlencoded", 400)]
    public async Task A_body_that_is_no_good_is_refused(string body, string type, int status) =>
        Assert.Equal(status, (await cloud.Alice.Post("/ws", Actor.Bytes(System.Text.Encoding.UTF8.GetBytes(body), type))).Status);

    [Fact]
    public async Task Parameters_have_a_size()
    {
        var most = "{\"name\":\"sized\"" + new string(' ', 1024 * 1024 - 16) + "}";
        (await cloud.Alice.Post("/ws", Actor.Json(most))).Ok(201);
        (await cloud.Alice.Post("/ws", Actor.Json(most + " "))).RefusedByCloud(413, "PAYLOAD_TOO_LARGE");
    }

    [Fact]
    public async Task A_token_is_taken_from_the_header_alone_and_a_bad_one_is_refused_everywhere()
    {
        (await cloud.Nobody.Get("/ws", ("Cookie", $"remix-token={world.Alice.Token}"))).RefusedByCloud(401, "TOKEN_MISSING");
        (await cloud.Nobody.Get("/", ("Authorization", "Bearer nonsense"))).RefusedByCloud(401, "TOKEN_UNKNOWN");
        (await cloud.Nobody.Get("/", ("Authorization", "Basic YTpi"))).RefusedByCloud(401, "TOKEN_MALFORMED");
        (await cloud.Nobody.Get("/", ("Authorization", "Bearer "))).RefusedByCloud(401, "TOKEN_MALFORMED");
        (await world.OnCloud(world.Atlas).Get("/ws")).RefusedByCloud(403, "USER_TOKEN_NEEDED");
    }

    [Fact]
    public async Task Pages_of_any_origin_may_call()
    {
        var asked = await cloud.Nobody.Send(HttpMethod.Options, "/ws", null, ("Origin", "https://screens.example"),
            ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization"));
        Assert.Equal(204, asked.Status);
        Assert.Equal("*", asked.Header("Access-Control-Allow-Origin"));
        foreach (var needed in new[] { "Authorization", "Mcp-Session-Id", "MCP-Protocol-Version" })
        {
            Assert.Contains(needed, asked.Header("Access-Control-Allow-Headers")!.Split(", "));
        }

        var shown = (await cloud.Nobody.Get("/", ("Origin", "https://screens.example"))).Header("Access-Control-Expose-Headers");
        Assert.Contains("Mcp-Session-Id", shown, StringComparison.Ordinal);
        Assert.Equal("*", (await cloud.Nobody.Get("/ws", ("Origin", "https://screens.example"))).RefusedByCloud(401, "TOKEN_MISSING")
            .Header("Access-Control-Allow-Origin"));
    }
}
