using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>Whatever an agent does, its caller is told, and the next call works.</summary>
public class HostileAgentTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Theory]
    [InlineData("for (;;) {}")]
    [InlineData("for (;;) {} export default () => ({})")]
    [InlineData("const a = []; for (;;) a.push(new Array(1e6).fill(a.length));")]
    [InlineData("const a = []; for (;;) a.push(new Uint8Array(64e6).fill(1));")]
    [InlineData("return { x: /^(a+)+$/.test('a'.repeat(40) + 'b') };")]
    [InlineData("const f = () => Promise.resolve().then(f); f(); await new Promise(() => {});")]
    [InlineData("let s = 'x'; for (;;) s += s;")]
    [InlineData("const f = () => f() + 1; f();")]
    [InlineData("await Promise.all(Array.from({ length: 1000 }, () => fetch('https://127.0.0.1/'))); return {};")]
    [InlineData("await fetch('http://127.0.0.1:4700/'); return {};")]
    [InlineData("await fetch('https://localhost/'); return {};")]
    [InlineData("await fetch('https://[::1]/'); return {};")]
    [InlineData("await fetch('https://2130706433/'); return {};")]
    public async Task A_hostile_call_is_refused_and_the_next_works(string code)
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("hostile", code);
        await app.Agent("friend", "return { ok: true };");
        var other = await (await AgentApp.New(cloud)).Agent("neighbour", "return { ok: true };");

        var hostile = app.Run("hostile", query: "?timeout=1500");
        Assert.Equal("""{"ok":true}""", (await other.Run("neighbour")).Ok(200).Text);
        var answer = await hostile;

        Assert.True(answer.Status == 504 || answer.IsRunError, answer.ToString());
        Assert.Equal("""{"ok":true}""", (await app.Run("friend")).Ok(200).Text);
    }

    [Fact]
    public async Task A_killed_process_costs_the_call_and_nothing_that_was_acknowledged()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("keep", "return { id: (await remix.db.save({ n: params.n }))._rmx_id };");
        await app.Agent("bomb", "const a = []; for (;;) a.push(new Array(1e6).fill(a.length));");
        var ids = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            ids.Add((await app.Run("keep", new { n })).Ok(200).String("id"));
            Assert.True((await app.Run("bomb", query: "?timeout=20000")) is { Status: 504 } or { IsRunError: true });
        }

        await app.Agent("find", "return { n: (await remix.db.get(params.id)).n };");
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(n, (await app.Run("find", new { id = ids[n] })).Ok(200)["n"].GetInt32());
        }

        Assert.Equal(9, (await cloud.Alice.Post($"/count-activities/{app.Workspace}", new { activity = "run_agent" })).Ok().Number("count"));
    }
}
