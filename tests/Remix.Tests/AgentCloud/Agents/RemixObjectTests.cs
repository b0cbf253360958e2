using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>What an agent can do with <c>remix</c>, and what it cannot.</summary>
public class RemixObjectTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task Records_are_saved_read_changed_and_deleted()
    {
        var app = await AgentApp.New(cloud);

        var value = await app.Value("""
            const saved = await remix.db.save({ title: 'one', n: 1 });
            const id = saved._rmx_id;
            const merged = await remix.db.upsert({ _rmx_id: id, done: true });
            const old = await remix.db.get(id, { asOf: saved._rmx_row });
            const many = await remix.db.save([{ title: 'two' }, { title: 'three' }], { recordset: 'others' });
            const found = await remix.db.query('title == "one"');
            const asked = await remix.db.query([["comparison", "==", "title", ["param", "t"]]], { t: 'two' });
            const all = await remix.db.all({ recordset: 'others' });
            const head = await remix.db.head();
            await remix.db.delete(id);
            return { rev: merged._rmx_rev, done: merged.done, oldDone: old.done ?? null, many: many.length, found: found.length, asked: asked.length,
              all: all.records.map((r) => r.title), next: all.next, count: head.count, gone: await remix.db.get(id), by: saved._rmx_created_by };
            """);

        Assert.Equal("""
            {"rev":2,"done":true,"oldDone":null,"many":2,"found":1,"asked":1,"all":["two","three"],"next":null,"count":3,"gone":null,"by":"alice"}
            """.Trim(), value.GetRawText());
    }

    [Theory]
    [InlineData("remix.db.get()")]
    [InlineData("remix.db.get({})")]
    [InlineData("remix.db.save('text')")]
    [InlineData("remix.db.save({}, 'options')")]
    [InlineData("remix.db.save({ _rmx_id: 'short' })")]
    [InlineData("remix.db.delete('nothing')")]
    [InlineData("remix.db.query('name = = 2')")]
    [InlineData("remix.db.query()")]
    [InlineData("remix.db.all({ after: 'x' })")]
    [InlineData("remix.files.read('relative')")]
    [InlineData("remix.files.read('/missing')")]
    [InlineData("remix.files.write('/a/../b', 'x')")]
    [InlineData("remix.files.write('/x', { no: 'content' })")]
    [InlineData("remix.topics.publish('elsewhere', 1)")]
    [InlineData("remix.topics.publish('/cloud/other.example/ws/w/app/a/public/application/x', 1)")]
    [InlineData("remix.signals.await('nothing')")]
    [InlineData("remix.signals.send(7, 1)")]
    [InlineData("remix.agents.call('missing')")]
    [InlineData("remix.agents.call('a/b/c/d')")]
    [InlineData("remix.agents.call('other/app/agent')")]
    [InlineData("remix.secrets.get(1)")]
    [InlineData("remix.db.save({ x: 1n })")]
    public async Task What_is_wrong_is_an_error_the_author_can_catch(string call)
    {
        var app = await AgentApp.New(cloud);

        var value = await app.Value(
            $"try {{ await {call}; return {{ wrong: false }}; }} catch (e) {{ return {{ wrong: true, message: e.message }}; }}");

        Assert.True(value.GetProperty("wrong").GetBoolean());
        Assert.NotEmpty(value.GetProperty("message").GetString()!);
        Assert.DoesNotContain("server failed", value.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_to_a_record_comes_back_as_one()
    {
        var app = await AgentApp.New(cloud);

        var value = await app.Value("""
            const a = await remix.db.save({ name: 'a' });
            const b = await remix.db.save({ name: 'b', of: remix.db.ref(a._rmx_id) });
            const again = await remix.db.get(b._rmx_id);
            return { same: (await remix.db.get(again.of)).name, kind: again.of.name };
            """);

        Assert.Equal("""{"same":"a","kind":"db.ref"}""", value.GetRawText());
    }

    [Fact]
    public async Task Records_are_found_by_what_they_refer_to()
    {
        var app = await AgentApp.New(cloud);

        var value = await app.Value("""
            const a = await remix.db.save({ name: 'a' });
            const b = await remix.db.save({ name: 'b' });
            const to = remix.db.ref(a._rmx_id);
            await remix.db.save([{ n: 1, of: to }, { n: 2, of: remix.db.ref(b._rmx_id) }, { n: 3, of: a._rmx_id }]);
            const numbers = async (...query) => (await remix.db.query(...query)).map((row) => row.n);
            return {
              ast: await numbers(['comparison', '==', 'of', to]), text: await numbers('of == $of', { of: to }),
              literal: await numbers(`of == ref("${a._rmx_id}")`), last: (await numbers('exists of | orderDesc of')).at(-1),
              set: [await remix.db.save({ n: 2 }, { recordset: 'others' }), await numbers('n == 2', {}, { recordset: 'others' })][1],
              count: await remix.db.query('count', {}, { recordset: 'others' }),
            };
            """);

        Assert.Equal("""{"ast":[1],"text":[1],"literal":[1],"last":3,"set":[2],"count":1}""", value.GetRawText());
    }

    [Fact]
    public async Task Files_are_written_read_listed_and_deleted()
    {
        var app = await AgentApp.New(cloud);

        var value = await app.Value("""
            await remix.files.write('/public/hello.txt', 'hello');
            await remix.files.write('/data/x.bin', new Uint8Array([1, 255]));
            const text = await remix.files.read('/public/hello.txt');
            const bytes = [...await remix.files.read('/data/x.bin', { as: 'bytes' })];
            const [first, data, ...rest] = await remix.files.list('/');
            const list = await remix.files.list(data);
            const after = await remix.files.list('/', { after: data });
            const props = await remix.files.props('/public/hello.txt');
            await remix.files.delete('/data/x.bin');
            return { text, bytes, list, first, after, whole: String(rest) === String(after), size: props.size,
              gone: await remix.files.props('/data/x.bin') };
            """);

        Assert.Equal("""{"text":"hello","bytes":[1,255],"list":["/data/x.bin"],"first":"/code/","after":["/public/"],"whole":true"""
            + ""","size":5,"gone":null}""", value.GetRawText());
        Assert.Equal("hello", (await cloud.Nobody.Get($"/v1/ws/{app.Workspace}/app/notes/files/public/hello.txt")).Ok().Text);
    }

    [Fact]
    public async Task A_signal_passes_a_value_from_outside_into_a_run()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("wait",
            "const got = await remix.signals.await(params.url, { timeout: 20000 }); return { kind: got.name, value: got.value };");
        var url = (await app.Value("return await remix.signals.create();")).GetProperty("url").GetString()!;

        var waiting = app.Run("wait", new { url });
        (await cloud.Bob.Post(url, Actor.Json("""{"stars":5}"""))).Ok();

        Assert.Equal("""{"kind":"ok","value":{"stars":5}}""", (await waiting).Ok(200).Text);
        Assert.Equal("timeout", (await app.Value(
            "const s = await remix.signals.create(); return await remix.signals.await(s, { timeout: 1 }).then((x) => ({ x: x.value }));"))
            .GetProperty("x").GetString());
    }

    [Fact]
    public async Task A_message_reaches_who_listens_and_the_last_one_set_who_comes_later()
    {
        var app = await AgentApp.New(cloud);

        await app.Value(
            "await remix.topics.set('public/application/news', { n: 1 });"
            + " await remix.topics.publish('public/application/news', { n: 2 }); return {};");

        var host = $"{new Uri(cloud.World.Cloud.BaseUrl).Authority}";
        using var stream = await cloud.World.Http.GetStreamAsync(
            new Uri($"{cloud.World.Cloud.BaseUrl}/subscribe/cloud/{host}/ws/{app.Workspace}/app/notes"
                + "/public/application/news")) is var s ? new StreamReader(s) : null!;
        string? line;
        do
        {
            line = await stream.ReadLineAsync();
        }
        while (line is not null && !line.StartsWith("data:", StringComparison.Ordinal));

        Assert.Contains("\"n\":1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_given_to_agents_by_name_and_to_nobody_else()
    {
        var app = await AgentApp.New(cloud);
        var path = $"/v1/ws/{app.Workspace}/secrets";
        await cloud.Grant(app.Workspace, "user/bob", "editor", "workspace");
        const string value = "s3cr3t-Ω-0123456789";

        (await cloud.Alice.Put($"{path}/api_key", new { value })).Ok();
        Assert.Equal(value, (await app.Value("return { s: await remix.secrets.get('api_key') };")).GetProperty("s").GetString());
        Assert.Equal(JsonValueKind.Null, (await app.Value("return { s: await remix.secrets.get('other') };")).GetProperty("s").ValueKind);
        Assert.Equal(404, (await cloud.Alice.Get(path)).Status);
        Assert.Contains((await cloud.Alice.Get($"{path}/api_key")).Status, new[] { 404, 405 });
        (await cloud.Bob.Put($"{path}/api_key", new { value = "mine" })).RefusedByCloud(403, "PERMISSION_DENIED");
        (await cloud.Bob.Delete($"{path}/api_key")).RefusedByCloud(403, "PERMISSION_DENIED");
        (await cloud.Alice.Put($"{path}/_bad", new { value })).InvalidForCloud("name");
        (await cloud.Alice.Put($"{path}/x", new { })).InvalidForCloud("value");
        (await cloud.Alice.Put($"{path}/x", new { value = new string('x', 33_000) })).InvalidForCloud("value");
        foreach (var file in Directory.EnumerateFiles(cloud.World.Settings.DataDirectory, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain("s3cr3t-", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }

        (await cloud.Alice.Delete($"{path}/api_key")).Ok();
        (await cloud.Alice.Delete($"{path}/api_key")).RefusedByCloud(404, "NOT_FOUND");
        Assert.Equal(JsonValueKind.Null, (await app.Value("return { s: await remix.secrets.get('api_key') };")).GetProperty("s").ValueKind);
    }

    [Fact]
    public async Task The_environment_says_where_and_for_whom_it_runs()
    {
        var app = await AgentApp.New(cloud);

        var env = (await app.Value("return { ...remix.env, process: typeof process };"));

        Assert.Equal(app.Workspace, env.GetProperty("workspace").GetString());
        Assert.Equal("notes", env.GetProperty("app").GetString());
        Assert.Equal("alice", env.GetProperty("user").GetString());
        Assert.False(env.GetProperty("userIsAnonymous").GetBoolean());
        Assert.StartsWith("http", env.GetProperty("baseURL").GetString(), StringComparison.Ordinal);
        Assert.Equal("UTC", env.GetProperty("timezone").GetString());
        Assert.Equal("undefined", env.GetProperty("process").GetString());
    }

    [Fact]
    public async Task Within_an_app_agents_call_each_other_freely()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("inner", "return { twice: params.n * 2, user: remix.env.user };");
        await app.Agent("outer", "return await remix.agents.call('inner', { n: params.n });");
        await cloud.Grant(app.Workspace, "anonymous", "runner", "agent/notes/outer");

        Assert.Equal("""{"twice":42,"user":null}""", (await app.Run("outer", new { n = 21 }, cloud.Nobody)).Ok(200).Text);
        (await app.Run("inner", new { n = 21 }, cloud.Nobody)).RefusedByCloud(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task Across_apps_the_user_or_the_calling_agent_must_hold_the_right()
    {
        var app = await AgentApp.New(cloud);
        var other = app.Beside("other");
        await other.Agent("inner", "return { ok: true };");
        await app.Agent("outer", "return await remix.agents.call('other/inner');");
        await app.Agent("rival", "return await remix.agents.call('other/inner');");
        await cloud.Grant(app.Workspace, "user/bob", "runner", "db/notes");

        Assert.True((await app.Run("outer", by: cloud.Bob)).IsRunError);
        (await app.Run("outer")).Ok(200);

        // A server on this machine is called by more than one name.
        var port = new Uri((await app.Value("return remix.env;")).GetProperty("baseURL").GetString()!).Port;
        foreach (var server in new[] { $"127.0.0.1:{port}", $"localhost:{port}", "localhost", "127.0.0.1" })
        {
            var id = await cloud.Grant(app.Workspace, $"agent/{server}:{app.Workspace}.notes.outer", "runner", "agent/other/inner");
            Assert.Equal("""{"ok":true}""", (await app.Run("outer", by: cloud.Bob)).Ok(200).Text);
            Assert.True((await app.Run("rival", by: cloud.Bob)).IsRunError);
            (await cloud.Alice.Delete($"/v1/ws/{app.Workspace}/permissions/{id}")).Ok();
        }

        await cloud.Grant(app.Workspace, $"agent/other.example:{app.Workspace}.notes.outer", "runner", "agent/other/inner");
        Assert.True((await app.Run("outer", by: cloud.Bob)).IsRunError);
    }

    [Fact]
    public async Task A_circle_of_calls_ends()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("round", "const { depth } = await remix.agents.call('round', { depth: params.depth + 1 })"
            + ".catch(() => ({ depth: params.depth })); return { depth };");

        Assert.Equal(16, (await app.Run("round", new { depth = 1 })).Ok(200)["depth"].GetInt32());
    }

    [Fact]
    public async Task A_call_within_a_call_ends_with_it()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("inner", "await new Promise((done) => setTimeout(done, 60000)); return {};");
        await app.Agent("outer", "return await remix.agents.call('inner');");

        (await app.Run("outer", query: "?timeout=500")).RefusedByCloud(504, "RUN_TIMEOUT");
    }

    [Fact]
    public async Task An_app_does_not_see_what_another_keeps()
    {
        var app = await AgentApp.New(cloud);
        var id = (await app.Value("return await remix.db.save({ secret: 1 });")).GetProperty("_rmx_id").GetString();
        await app.Value("await remix.files.write('/mine.txt', 'x'); return {};");

        var value = await app.Beside("other").Value(
            "return { record: await remix.db.get(params.id), file: await remix.files.props('/mine.txt'),"
            + " all: (await remix.db.all()).records.length };", new { id });

        Assert.Equal("""{"record":null,"file":null,"all":0}""", value.GetRawText());
    }
}
