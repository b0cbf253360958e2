using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>A workspace as an MCP server: its agents are the tools of whoever may run them.</summary>
public class McpTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    private static readonly object Definition = new
    {
        description = "Adds two numbers",
        inParams = new object[]
        {
            new { name = "a", type = "number", displayName = "First", required = true },
            new { name = "b", type = "number" },
        },
        outParams = new object[] { new { name = "sum", type = "number" }, new { name = "error", type = "string" } },
    };

    [Fact]
    public async Task Agents_are_typed_tools_that_can_be_called()
    {
        var app = await App();
        var session = await Begin(app, cloud.Alice);

        var tools = (await Send(app, cloud.Alice, session, "tools/list"))["result"].GetProperty("tools");
        var add = tools.EnumerateArray().Single(tool => tool.GetProperty("name").GetString() == "notes__add");
        Assert.Equal("Adds two numbers", add.GetProperty("description").GetString());
        Assert.Equal("""
            {"type":"object","properties":{"a":{"type":"number","title":"First"},"b":{"type":"number","title":"b"}},"required":["a"]}
            """.Trim(), add.GetProperty("inputSchema").GetRawText());
        Assert.Equal("""
            {"type":"object","properties":{"sum":{"type":["number","null"],"title":"sum"}}}
            """.Trim(), add.GetProperty("outputSchema").GetRawText());

        var result = await Call(app, cloud.Alice, session, "notes__add", new { a = 1, b = 2 });
        Assert.False(result.GetProperty("isError").GetBoolean());
        Assert.Equal("""{"sum":3}""", result.GetProperty("structuredContent").GetRawText());
        Assert.Equal("""{"sum":3}""", result.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Queries_are_typed_tools_like_agents()
    {
        var app = await (await AgentApp.New(cloud)).Agent("fill",
            "await remix.db.save([{ name: 'Ada', age: 36 }, { name: 'Linus', age: 54 }]); return {};");
        (await app.Run("fill")).Ok();
        var path = $"/query/{app.Workspace}/{app.Name}";
        (await cloud.Alice.Post(path, new { name = "some", ast = "name in $names and name like $start and age > $than" })).Ok(201);
        (await cloud.Alice.Post(path, new { name = "many", ast = "_rmx_row >= $from | count" })).Ok(201);
        await cloud.Grant(app.Workspace, "user/bob", "runner", "agent/notes/some");
        var session = await Begin(app, cloud.Alice);

        var tools = (await Send(app, cloud.Alice, session, "tools/list"))["result"].GetProperty("tools").EnumerateArray()
            .ToDictionary(tool => tool.GetProperty("name").GetString()!, StringComparer.Ordinal);
        Assert.Equal("""{"type":"object","properties":{"names":{"type":"array","title":"names"},"start":{"type":"string","title":"start"}"""
            + ""","than":{"title":"than"}},"required":["names","start","than"]}""", tools["notes__some"].GetProperty("inputSchema").GetRawText());
        Assert.Equal("""{"type":"object","properties":{"from":{"type":"integer","title":"from"}},"required":["from"]}""",
            tools["notes__many"].GetProperty("inputSchema").GetRawText());
        Assert.Contains("age > $than", tools["notes__some"].GetProperty("description").GetString(), StringComparison.Ordinal);

        var some = await Call(app, cloud.Alice, session, "notes__some", new { names = new[] { "Ada", "Linus" }, start = "", than = 40 });
        Assert.Equal("Linus", Assert.Single(some.GetProperty("structuredContent").GetProperty("rows").EnumerateArray()).Text("name"));
        var many = await Call(app, cloud.Alice, session, "notes__many", new { from = 1 });
        Assert.Equal("""{"count":2}""", many.GetProperty("structuredContent").GetRawText());
        Assert.Equal("""{"count":2}""", many.GetProperty("content")[0].Text("text"));
        Assert.Contains("than: Required", ErrorOf(await Call(app, cloud.Alice, session, "notes__some", new { names = new[] { "Ada" }, start = "" })),
            StringComparison.Ordinal);

        // Who may run it is not told what it looks for.
        session = await Begin(app, cloud.Bob);
        var only = Assert.Single((await Send(app, cloud.Bob, session, "tools/list"))["result"].GetProperty("tools").EnumerateArray());
        Assert.Equal("A query of the records of the app notes", only.Text("description"));
    }

    [Fact]
    public async Task What_goes_wrong_in_an_agent_is_the_tools_error()
    {
        var app = await App();
        var session = await Begin(app, cloud.Alice);

        Assert.Equal("no b", ErrorOf(await Call(app, cloud.Alice, session, "notes__add", new { a = 1 })));
        Assert.Contains("Expected a number", ErrorOf(await Call(app, cloud.Alice, session, "notes__add",
            new { a = "one" })), StringComparison.Ordinal);
        Assert.Equal("Error: broken", ErrorOf(await Call(app, cloud.Alice, session, "notes__fail", new { })));
        Assert.Contains("outParams", ErrorOf(await Call(app, cloud.Alice, session, "notes__lie", new { })), StringComparison.Ordinal);
        var unknown = await Send(app, cloud.Alice, session, "tools/call", new { name = "notes__nothing" });
        Assert.Equal(-32602, unknown["error"].GetProperty("code").GetInt32());
        Assert.Equal(-32601, (await Send(app, cloud.Alice, session, "resources/list"))["error"].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task One_sees_and_calls_what_one_may_run()
    {
        var app = await App();
        await cloud.Grant(app.Workspace, "user/bob", "runner", "agent/notes/add");
        var session = await Begin(app, cloud.Bob);

        var names = (await Send(app, cloud.Bob, session, "tools/list"))["result"].GetProperty("tools").EnumerateArray()
            .Select(tool => tool.GetProperty("name").GetString());
        Assert.Equal(["notes__add"], names);
        Assert.Equal(-32602, (await Send(app, cloud.Bob, session, "tools/call",
            new { name = "notes__fail" }))["error"].GetProperty("code").GetInt32());
        (await Post(app, cloud.Carol, null, "initialize")).RefusedByCloud(404, "NOT_FOUND");
        (await Post(app, cloud.Nobody, null, "initialize")).RefusedByCloud(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task A_session_is_its_callers_and_ends()
    {
        var app = await App();
        await cloud.Grant(app.Workspace, "user/bob", "runner", "workspace");
        var session = await Begin(app, cloud.Alice);

        (await Post(app, cloud.Bob, session, "tools/list")).RefusedByCloud(404, "MCP_SESSION_UNKNOWN");
        (await Post(app, cloud.Alice, null, "tools/list")).RefusedByCloud(400, "MCP_SESSION_MISSING");
        (await Post(app, cloud.Alice, "nonsense", "tools/list")).RefusedByCloud(404, "MCP_SESSION_UNKNOWN");
        Assert.Equal(204, (await cloud.Alice.Delete(Path(app), ("Mcp-Session-Id", session))).Status);
        (await Post(app, cloud.Alice, session, "tools/list")).RefusedByCloud(404, "MCP_SESSION_UNKNOWN");
    }

    [Fact]
    public async Task Pages_of_other_origins_and_messages_of_other_kinds_are_refused()
    {
        var app = await App();
        var session = await Begin(app, cloud.Alice);
        var body = new { jsonrpc = "2.0", id = 1, method = "ping" };

        (await cloud.Alice.Post(Path(app), body, ("Mcp-Session-Id", session), ("Origin",
            "https://evil.example"))).RefusedByCloud(403, "ORIGIN_REFUSED");
        (await cloud.Alice.Post(Path(app), body, ("Mcp-Session-Id", session), ("Origin", "http://localhost:1234"))).Ok(200);
        (await cloud.Alice.Post(Path(app), body, ("Mcp-Session-Id", session), ("MCP-Protocol-Version", "1999-01-01")))
            .RefusedByCloud(400, "MCP_VERSION_UNKNOWN");
        Assert.Equal(202, (await cloud.Alice.Post(Path(app), new
        {
            jsonrpc = "2.0",
            method = "notifications/initialized"
        }, ("Mcp-Session-Id", session))).Status);
        Assert.Equal(405, (await cloud.Alice.Get(Path(app))).Status);
        foreach (var (text, code) in new[] { ("{", -32700), ("[]", -32600), ("{\"jsonrpc\":\"1.0\"}", -32600),
            ("{\"jsonrpc\":7}", -32600), ("", -32600) })
        {
            var answer = await cloud.Alice.Post(Path(app), Actor.Json(text), ("Mcp-Session-Id", session));
            Assert.Equal(400, answer.Status);
            Assert.Equal(code, answer["error"].GetProperty("code").GetInt32());
        }
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":[]}""", 200, 0)]
    [InlineData("""{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"notes__add","arguments":[1]}}""", 200, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"tools/call","params":[]}""", 200, -32602)]
    public async Task What_is_no_message_of_the_protocol_is_told_so(string body, int status, int code)
    {
        var app = await App();
        var session = await Begin(app, cloud.Alice);

        var answer = await cloud.Alice.Post(Path(app), Actor.Json(body), ("Mcp-Session-Id", session));

        Assert.Equal(status, answer.Status);
        Assert.Equal(code, answer.Json.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0);
    }

    [Fact]
    public async Task Batches_are_answered_where_the_version_has_them()
    {
        var app = await App();
        const string batch = """
            [{"jsonrpc":"2.0","id":"a","method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"id":7},
             {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"notes__add","arguments":{"a":1,"b":2}}}]
            """;
        var old = (await Post(app, cloud.Alice, null, "initialize", new { protocolVersion = "2025-03-26" })).Ok(200).Header("Mcp-Session-Id")!;

        var answers = (await cloud.Alice.Post(Path(app), Actor.Json(batch), ("Mcp-Session-Id", old))).Ok(200).Json;
        Assert.Equal(["\"a\"", "null", "2"], answers.EnumerateArray().Select(answer => answer.GetProperty("id").GetRawText()));
        Assert.Equal(3, answers[2].GetProperty("result").GetProperty("structuredContent").GetProperty("sum").GetInt32());

        var notifications = Actor.Json("""[{"jsonrpc":"2.0","method":"notifications/initialized"}]""");
        Assert.Equal(202, (await cloud.Alice.Post(Path(app), notifications, ("Mcp-Session-Id", old))).Status);
        var refused = await cloud.Alice.Post(Path(app), Actor.Json(batch), ("Mcp-Session-Id", await Begin(app, cloud.Alice)));
        Assert.Equal((400, -32600), (refused.Status, refused["error"].GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_call_ends_when_its_client_cancels_it()
    {
        var app = await App();
        await app.Agent("wait", "const s = await remix.signals.create(); await remix.db.save({ s }); await remix.signals.await(s); return {};");
        var session = await Begin(app, cloud.Alice);

        var call = cloud.Alice.Post(Path(app), new { jsonrpc = "2.0", id = "slow", method = "tools/call", @params = new { name = "notes__wait" } },
            ("Mcp-Session-Id", session));
        await Patience.Until(() => app.Value("return { n: (await remix.db.all()).records.length };"), value => value.GetProperty("n").GetInt32() > 0);
        Assert.Equal(202, (await cloud.Alice.Post(Path(app), new
        {
            jsonrpc = "2.0",
            method = "notifications/cancelled",
            @params = new { requestId = "slow" },
        }, ("Mcp-Session-Id", session))).Status);

        Assert.Equal(-32800, (await call).Ok(200)["error"].GetProperty("code").GetInt32());
    }

    private static string Path(AgentApp app) => $"/v1/ws/{app.Workspace}/mcp";

    private static string ErrorOf(JsonElement result)
    {
        Assert.True(result.GetProperty("isError").GetBoolean());
        return result.GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    private async Task<AgentApp> App()
    {
        var app = await (await AgentApp.New(cloud)).Agent("add",
            "return params.b === undefined ? { error: 'no b' } : { sum: params.a + params.b };", Definition);
        await app.Agent("fail", "throw new Error('broken');");
        return await app.Agent("lie", "return { n: 'text' };", new { outParams = new[] { new { name = "n", type = "number" } } });
    }

    private static async Task<string> Begin(AgentApp app, Actor by)
    {
        var answer = (await Post(app, by, null, "initialize", new { protocolVersion = "2025-06-18", capabilities = new { } })).Ok(200);
        Assert.Equal("2025-06-18", answer["result"].GetProperty("protocolVersion").GetString());
        return answer.Header("Mcp-Session-Id")!;
    }

    private static async Task<Answer> Send(AgentApp app, Actor by, string session, string method, object? parameters = null) =>
        (await Post(app, by, session, method, parameters)).Ok(200);

    private static async Task<JsonElement> Call(AgentApp app, Actor by, string session, string name, object arguments) =>
        (await Send(app, by, session, "tools/call", new { name, arguments }))["result"];

    private static Task<Answer> Post(AgentApp app, Actor by, string? session, string method, object? parameters = null) =>
        by.Post(Path(app), new { jsonrpc = "2.0", id = 1, method, @params = parameters ?? new { } },
            session is null ? [] : [("Mcp-Session-Id", session)]);
}
