using System.Text;
using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

public class RunAgentTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    private static readonly object Greeting = new
    {
        name = "greet",
        description = "Says hello",
        inParams = new object[]
        {
            new { name = "who", type = "string", displayName = "Who", required = true },
            new { name = "times", type = "number", displayName = "Times" },
            new { name = "loud", type = "boolean", displayName = "Loud" },
        },
        outParams = new[] { new { name = "text", type = "string" } },
    };

    [Fact]
    public async Task An_agent_answers_with_what_it_returns()
    {
        var app = await (await AgentApp.New(cloud)).Agent("sum", "return { sum: params.a + params.b };");

        var answer = (await app.Run("sum", new { a = 1, b = 2 })).Ok(200);

        Assert.Equal("""{"sum":3}""", answer.Text);
        Assert.Matches("^[0-9a-f]{32}$", answer.Header("X-Run-Id"));
        Assert.Equal("""{"sum":3}""", (await cloud.Alice.Post($"/v0/run-agent/{app.Workspace}/notes/sum", new { a = 1, b = 2 })).Ok(200).Text);
    }

    [Fact]
    public async Task A_run_that_changes_records_or_files_counts_as_one_update()
    {
        var app = await (await AgentApp.New(cloud)).Agent("look", "return { found: (await remix.db.head()).count };");
        await app.Agent("keep", "await remix.db.save({ a: 1 }); await remix.db.save([{ a: 2 }]); await remix.files.write('/a', 'b'); return {};");
        await app.Agent("fail", "await remix.db.save({ _rmx_no: 1 }); return {};");
        var before = await Updates();

        (await app.Run("look")).Ok(200);
        Assert.Equal(500, (await app.Run("fail")).Status);
        Assert.Equal(before, await Updates());
        (await app.Run("keep")).Ok(200);
        Assert.Equal(before + 1, await Updates());
        foreach (var change in new[] { "copy('/a', '/b')", "move('/b', '/c')", "register('/d', 'https://example.org/')" })
        {
            await app.Agent("change", $"await remix.files.{change}; return {{}};");
            before = await Updates();
            (await app.Run("change")).Ok(200);
            Assert.Equal(before + 1, await Updates());
        }

        async Task<long> Updates() =>
            (await cloud.Alice.Post($"/count-activities/{app.Workspace}", new { activity = "update_db" })).Ok().Number("count");
    }

    [Fact]
    public async Task Parameters_come_in_every_form_and_become_what_is_declared()
    {
        var app = await (await AgentApp.New(cloud)).Agent("greet",
            "return { got: params, types: Object.values(params).map((v) => typeof v).join() };",
            Greeting);
        foreach (var (body, type) in new[]
        {
            ("""{"who":"Ann","times":2,"loud":true}""", "application/json"),
            (""" {"who":"Ann","times":2,"loud":true}""", "application/x-www-form-urlencoded"),
            ("\uFEFF{\"who\":\"Ann\",\"times\":2,\"loud\":true}", "application/json"),
            ("\uFEFF{\"who\":\"Ann\",\"times\":2,\"loud\":true}", "application/x-www-form-urlencoded"),
            ("who=Ann&times=2&loud=true", "application/x-www-form-urlencoded"),
            ("--b\r\nContent-Disposition: form-data; name=\"who\"\r\n\r\nAnn\r\n--b\r\nContent-Disposition: form-data; name=\"times\"\r\n\r\n2\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"loud\"\r\n\r\ntrue\r\n--b--", "multipart/form-data; boundary=b"),
        })
        {
            var answer = (await app.Run("greet", Actor.Bytes(Encoding.UTF8.GetBytes(body), type))).Ok(200);
            Assert.Equal("""{"got":{"who":"Ann","times":2,"loud":true},"types":"string,number,boolean"}""", answer.Text);
        }
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_the_parameters_is_said_at_once()
    {
        var app = await (await AgentApp.New(cloud)).Agent("greet", "return {};", Greeting);

        (await app.Run("greet", new { times = "two", loud = 1 })).InvalidForCloud("who", "times", "loud");
        (await app.Run("greet", new FormUrlEncodedContent([new("who", "Ann"), new("times", "two"), new("loud", "maybe")])))
            .InvalidForCloud("times", "loud");
        Assert.Contains("who (string)", (await app.Run("greet")).InvalidForCloud("who").String("hint"), StringComparison.Ordinal);
        (await app.Run("greet", Actor.Json("""{"who":"a","x":[{"_rmx_type":"{tag}nonsense"}]}"""))).InvalidForCloud("x.0");
        Assert.Equal(400, (await app.Run("greet", Actor.Json("[1]"))).Status);
        Assert.Equal(400, (await app.Run("greet", Actor.Json("{\"who\":"))).Status);
        (await app.Run("greet", Actor.Bytes([1, 2], "text/plain"))).RefusedByCloud(415, "UNSUPPORTED_MEDIA_TYPE");
        (await app.Run("greet", new { who = new string('x', 1024 * 1024) })).RefusedByCloud(413, "PAYLOAD_TOO_LARGE");
    }

    [Fact]
    public async Task A_file_of_a_form_arrives_as_bytes()
    {
        var app = await (await AgentApp.New(cloud)).Agent("size", "return { bytes: [...params.data] };");
        using var form = new MultipartFormDataContent { { new ByteArrayContent([0, 255, 7]), "data", "x.bin" } };

        Assert.Equal("""{"bytes":[0,255,7]}""", (await app.Run("size", form)).Ok(200).Text);
    }

    [Fact]
    public async Task A_failure_is_a_run_error_whose_place_only_readers_see()
    {
        var app = await (await AgentApp.New(cloud)).Agent("fail", "throw new RangeError('no luck');");
        await cloud.Grant(app.Workspace, "anonymous", "runner", "workspace");

        var mine = await app.Run("fail");
        Assert.Equal(500, mine.Status);
        Assert.Equal("run_error", mine.String("kind"));
        Assert.Equal("RangeError", mine["run_error"].GetProperty("name").GetString());
        Assert.Equal("no luck", mine["run_error"].GetProperty("message").GetString());
        Assert.Contains("code/fail.js:1", mine["run_error"].GetProperty("stack").GetString(), StringComparison.Ordinal);
        var theirs = await app.Run("fail", by: cloud.Nobody);
        Assert.Equal("no luck", theirs["run_error"].GetProperty("message").GetString());
        Assert.Equal(JsonValueKind.Null, theirs["run_error"].GetProperty("stack").ValueKind);
    }

    [Theory]
    [InlineData("export default async (", "SyntaxError")]
    [InlineData("export const x = 1; // export default", "TypeError")]
    [InlineData("export default () => 7", "TypeError")]
    [InlineData("export default () => [1]", "TypeError")]
    [InlineData("throw new Error('at once'); export default () => ({})", "Error")]
    [InlineData("import './missing.js'; export default () => ({})", "SyntaxError")]
    public async Task Code_that_is_no_agent_is_a_run_error(string code, string name)
    {
        var app = await (await AgentApp.New(cloud)).Agent("broken", code);

        var answer = await app.Run("broken");

        Assert.True(answer.IsRunError, answer.ToString());
        Assert.Equal(name, answer["run_error"].GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_is_only_defined_or_badly_defined_is_a_run_error()
    {
        var app = await AgentApp.New(cloud);
        await app.File("/code/compiled.json", """{"name":"compiled"}""");
        await app.Agent("odd", "return {};");
        await app.File("/code/odd.json", "{");

        Assert.Contains("compiled", (await app.Run("compiled"))["run_error"].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("/code/odd.json", (await app.Run("odd"))["run_error"].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_done_in_time_is_504()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("slow", "await new Promise(() => setTimeout(() => {}, 100000)); return {};");
        await app.Agent("loop", "for (;;) {}");
        await app.Agent("quick", "return { ok: true };");

        (await app.Run("slow", query: "?timeout=300")).RefusedByCloud(504, "RUN_TIMEOUT");
        (await app.Run("loop", query: "?timeout=300")).RefusedByCloud(504, "RUN_TIMEOUT");
        (await app.Run("quick")).Ok(200);
        (await app.Run("quick", query: "?timeout=0")).InvalidForCloud("timeout");
        (await app.Run("quick", query: "?timeout=300001")).InvalidForCloud("timeout");
        (await app.Run("quick", query: "?timeout=soon")).InvalidForCloud("timeout");
    }

    [Fact]
    public async Task Only_who_may_run_runs_and_what_one_may_not_see_is_not_there()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("open", "return { user: remix.env.user, anonymous: remix.env.userIsAnonymous };");
        await app.Agent("shut", "return {};");

        (await app.Run("open", by: cloud.Nobody)).RefusedByCloud(401, "TOKEN_MISSING");
        (await app.Run("open", by: cloud.Carol)).RefusedByCloud(404, "NOT_FOUND");
        await cloud.Grant(app.Workspace, "anonymous", "runner", "agent/notes/open");
        Assert.Equal("""{"user":null,"anonymous":true}""", (await app.Run("open", by: cloud.Nobody)).Ok(200).Text);
        Assert.Equal("""{"user":"carol","anonymous":false}""", (await app.Run("open", by: cloud.Carol)).Ok(200).Text);
        (await app.Run("shut", by: cloud.Nobody)).RefusedByCloud(401, "TOKEN_MISSING");
        Assert.Contains((await app.Run("shut", by: cloud.Carol)).Status, new[] { 403, 404 });
        (await app.Run("nobody")).RefusedByCloud(404, "NOT_FOUND");
        (await app.Run("..%2f..")).RefusedByCloud(404, "NOT_FOUND");
        Assert.Equal("App not found", (await cloud.Alice.Post($"/run-agent/{app.Workspace}/nowhere/open")).RefusedByCloud(404, "NOT_FOUND")
            .String("message"));
        (await cloud.Alice.Post("/run-agent/nowhere/notes/open")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_changed_file_is_run_at_once()
    {
        var app = await (await AgentApp.New(cloud)).Agent("it", "return { v: 1 };");
        Assert.Equal("""{"v":1}""", (await app.Run("it")).Ok(200).Text);

        await app.Agent("it", "return { v: 2 };");
        Assert.Equal("""{"v":2}""", (await app.Run("it")).Ok(200).Text);
        await app.Agent("it", "import { v } from './lib/v.js'; export default () => ({ v });");
        await app.File("/code/lib/v.js", "export const v = 3;");
        Assert.Equal("""{"v":3}""", (await app.Run("it")).Ok(200).Text);
        await app.File("/code/lib/v.js", "export const v = 4;");
        Assert.Equal("""{"v":4}""", (await app.Run("it")).Ok(200).Text);
    }

    [Fact]
    public async Task Every_run_is_counted_with_who_ran_it()
    {
        var app = await (await AgentApp.New(cloud)).Agent("it", "if (params.fail) throw 1; return {};");
        await cloud.Grant(app.Workspace, "anonymous", "runner", "workspace");
        await app.Run("it");
        await app.Run("it", new { fail = 1 });
        await app.Run("it", by: cloud.Nobody);

        Assert.Equal(3, await Count(new { activity = "run_agent" }));
        Assert.Equal(1, await Count(new { activity = "run_agent", subject = "anonymous" }));
        Assert.Equal(2, await Count(new { activity = "run_agent", subject = "user/alice" }));

        async Task<long> Count(object filter) => (await cloud.Alice.Post($"/count-activities/{app.Workspace}", filter)).Ok().Number("count");
    }

    [Fact]
    public async Task What_a_run_wrote_is_kept_for_who_may_read_the_app()
    {
        var app = await (await AgentApp.New(cloud)).Agent("talk", "console.log('hello', { a: 1 }); console.error('oh'); throw new Error('end');");
        await cloud.Grant(app.Workspace, "user/bob", "runner", "workspace");
        var id = (await app.Run("talk")).Header("X-Run-Id");
        var path = $"/v1/ws/{app.Workspace}/app/notes/runs";

        var run = (await cloud.Alice.Get($"{path}/{id}")).Ok().Json;
        Assert.Equal("failed", run.GetProperty("outcome").GetString());
        Assert.Equal(["info: hello { a: 1 }", "error: oh"], run.GetProperty("logs").EnumerateArray()
            .Select(line => $"{line.GetProperty("level").GetString()}: {line.GetProperty("text").GetString()}"));
        Assert.Equal("end", run.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(id, (await cloud.Alice.Get($"{path}?agent=talk")).Ok()["runs"][0].GetProperty("id").GetString());
        Assert.Equal(0, (await cloud.Alice.Get($"{path}?agent=other")).Ok()["runs"].GetArrayLength());
        (await cloud.Bob.Get($"{path}/{id}")).RefusedByCloud(403, "PERMISSION_DENIED");
        (await cloud.Bob.Get(path)).RefusedByCloud(403, "PERMISSION_DENIED");
        (await cloud.Carol.Get($"{path}/{id}")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Get($"{path}/{new string('0', 32)}")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_flood_of_logs_is_cut()
    {
        var app = await (await AgentApp.New(cloud)).Agent("flood",
            "for (let i = 0; i < 100000; i++) console.log('x'.repeat(1000)); return { done: true };");

        var run = (await app.Run("flood")).Ok(200);

        var log = (await cloud.Alice.Get($"/v1/ws/{app.Workspace}/app/notes/runs/{run.Header("X-Run-Id")}")).Ok();
        Assert.InRange(log.Bytes.Length, 1000, 100_000);
        Assert.Contains("more lines", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agents_are_listed_with_what_goes_in_and_comes_out()
    {
        var app = await (await AgentApp.New(cloud)).Agent("greet", "return {};", Greeting);
        await app.Agent("plain", "return {};");
        await app.File("/code/lib/helper.js", "export const x = 1;");

        var shown = (await cloud.Alice.Get($"/v1/ws/{app.Workspace}/app/notes")).Ok()["agents"];
        Assert.Equal(["greet", "plain"], shown.EnumerateArray().Select(agent => agent.GetProperty("name").GetString()));
        var greet = (await cloud.Alice.Get($"/v1/ws/{app.Workspace}/app/notes/agent/greet")).Ok().Json;
        Assert.Equal("Says hello", greet.GetProperty("description").GetString());
        Assert.Equal("number", greet.GetProperty("inParams")[1].GetProperty("type").GetString());
        Assert.Equal("text", greet.GetProperty("outParams")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_cloud_query_runs_at_the_address_of_an_agent()
    {
        var app = await AgentApp.New(cloud);
        await app.Value("await remix.db.save([{ kind: 'a', n: 1 }, { kind: 'b', n: 2 }]); return {};");
        (await cloud.Alice.Post($"/query/{app.Workspace}/notes", new
        {
            name = "of_kind",
            ast = new object[] { "comparison", "==", "kind", new[] { "param", "kind" } },
        })).Ok();

        var rows = (await app.Run("of_kind", new { kind = "b" })).Ok(200).Json;
        Assert.Equal(2, Assert.Single(rows.EnumerateArray()).GetProperty("n").GetInt32());
        Assert.Equal(1, (await app.Run("of_kind", new FormUrlEncodedContent([new("kind", "a")]))).Ok(200).Json.GetArrayLength());
        (await app.Run("of_kind")).InvalidForCloud("kind");
        Assert.Empty((await app.Run("of_kind", new { kind = (string?)null })).Ok(200).Json.EnumerateArray());
        var agent = (await cloud.Alice.Get($"/v1/ws/{app.Workspace}/app/notes/agent/of_kind")).Ok();
        Assert.True(agent["inParams"][0].GetProperty("required").GetBoolean());
        (await app.Run("of_kind", new { kind = "b" }, cloud.Carol)).RefusedByCloud(404, "NOT_FOUND");
        Assert.Equal("b", (await app.Value("return { rows: await remix.agents.call('of_kind', { kind: 'b' }) };"))
            .GetProperty("rows")[0].GetProperty("kind").GetString());
    }
}
