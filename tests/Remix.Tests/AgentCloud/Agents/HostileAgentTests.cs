using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>Whatever an agent does, its caller is told, its workspace's next call works, and the workspace beside it never notices.</summary>
public class HostileAgentTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    /// <summary>What the hostile call may take: its own limit, and what it takes a full machine to look at a clock.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private static readonly string[] Attacks =
    [
        "for (;;) {}",
        "for (;;) {} export default () => ({})",
        "const a = []; for (;;) a.push(new Array(1e6).fill(a.length));",
        "const a = []; for (;;) a.push(new Uint8Array(64e6).fill(1));",
        "return { x: /^(a+)+$/.test('a'.repeat(40) + 'b') };",
        "const f = () => Promise.resolve().then(f); f(); await new Promise(() => {});",
        "setInterval(() => { for (let i = 0; i < 1e7; i++); }, 1); await new Promise(() => {});",
        "let s = 'x'; for (;;) s += s;",
        "const f = () => f() + 1; f();",
        "for (;;) console.log('flood '.repeat(2000));",
        "for (;;) { await null; console.error(new Error('flood')); }",
        "await Promise.all(Array.from({ length: 1000 }, () => fetch('https://127.0.0.1/'))); return {};",
        "await Promise.all(Array.from({ length: 1000 }, () => remix.agents.call('hostile'))); return {};",
        "for (;;) await Promise.all(Array.from({ length: 100 }, (_, n) => remix.db.save({ n })));",
        "for (;;) await Promise.all(Array.from({ length: 100 }, () => remix.signals.create()));",
    ];

    /// <summary>What goes on when the answer is made.</summary>
    private static readonly string[] Remnants =
    [
        "setTimeout(() => { for (;;) {} }, 0); return {};",
        "setInterval(() => { for (let i = 0; i < 1e8; i++); }, 1); return { big: 'x'.repeat(8e6) };",
        "(async () => { for (;;) { await null; } })(); return {};",
        "(async () => { for (;;) await remix.db.head(); })(); return {};",
        "for (let i = 0; i < 1000; i++) fetch('https://127.0.0.1/').catch(() => {}); return {};",
        "Promise.reject(new Error('left behind')); return {};",
    ];

    public static TheoryData<string> AllAttacks => [.. Attacks];

    public static TheoryData<string> AllRemnants => [.. Remnants];

    [Theory]
    [MemberData(nameof(AllAttacks))]
    public async Task A_hostile_call_is_refused_and_the_next_works(string code)
    {
        var app = await Hostile(code);
        await Beside(async () => IsRefused(await app.Run("hostile", query: "?timeout=1500").WaitAsync(Grace)));

        Assert.Equal("""{"ok":true}""", (await app.Run("friend")).Ok(200).Text);
    }

    [Theory]
    [MemberData(nameof(AllRemnants))]
    public async Task What_a_call_leaves_behind_does_not_reach_the_next(string code)
    {
        var app = await Hostile(code);
        await Beside(async () =>
        {
            for (var time = 0; time < 3; time++)
            {
                var answer = await app.Run("hostile", query: "?timeout=1500").WaitAsync(Grace);
                Assert.True(answer.Status is 200 or 504 || answer.IsRunError, answer.ToString());
                Assert.Equal("""{"ok":true}""", (await app.Run("friend")).Ok(200).Text);
            }
        });
    }

    [Fact]
    public async Task All_at_once_are_refused_and_the_next_works()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("friend", "return { ok: true };");
        var agents = await Task.WhenAll(Attacks.Select(async (code, n) =>
        {
            await app.Agent($"hostile{n}", code.Replace("'hostile'", $"'hostile{n}'", StringComparison.Ordinal));
            return $"hostile{n}";
        }));
        await Beside(async () => Assert.All(
            await Task.WhenAll(agents.Select(agent => app.Run(agent, query: "?timeout=1500").WaitAsync(Grace))), IsRefused));

        Assert.Equal("""{"ok":true}""", (await app.Run("friend")).Ok(200).Text);
    }

    private static void IsRefused(Answer answer) => Assert.True(answer.Status is 503 or 504 || answer.IsRunError, answer.ToString());

    private async Task<AgentApp> Hostile(string code)
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("hostile", code);
        return await app.Agent("friend", "return { ok: true };");
    }

    /// <summary>Does something while another workspace is called without a pause; every one of its answers must be right.</summary>
    private async Task Beside(Func<Task> harm)
    {
        var neighbour = await (await AgentApp.New(cloud)).Agent("add", "await remix.db.save({ n: params.n }); return { n: params.n + 1 };");
        using var over = new CancellationTokenSource();
        var calls = 0;
        async Task Call()
        {
            while (!over.IsCancellationRequested)
            {
                var n = Interlocked.Increment(ref calls);
                Assert.Equal(n + 1, (await neighbour.Run("add", new { n })).Ok(200)["n"].GetInt32());
            }
        }

        Task[] neighbours = [Task.Run(Call), Task.Run(Call)];
        try
        {
            await harm();
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(neighbours);
        }

        Assert.NotEqual(0, calls);
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
