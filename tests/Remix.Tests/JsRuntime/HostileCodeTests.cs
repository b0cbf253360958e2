using Remix.JsRuntime;
using Remix.JsRuntime.Slots;
using Remix.Tests.Support;

namespace Remix.Tests.JsRuntime;

/// <summary>Code that means harm: its own call fails, its next works, and another tenant's calls never notice.</summary>
public sealed class HostileCodeTests(Engine engine) : IClassFixture<Engine>
{
    private const string Innocent = "export default async ({ n }, remix) => ({ n: n + 1, said: (await remix.db.get('x', n)).operation })";

    [Theory]
    [InlineData("endless-loop", "export default () => { for (;;); }")]
    [InlineData("top-level-loop", "for (;;);\nexport default () => ({})")]
    [InlineData("microtasks", "export default async () => { const f = () => Promise.resolve().then(f); await f(); }")]
    [InlineData("bad-regex", "export default () => ({ m: /^(a+)+$/.test('a'.repeat(60) + '!') })")]
    [InlineData("sleeps-forever", "export default () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }")]
    [InlineData("never-answers", "export default () => new Promise(() => setInterval(() => {}, 1000))")]
    [InlineData("never-answers-the-host", "export default (p, remix) => remix.db.get('never')")]
    public async Task What_does_not_end_is_ended_at_its_deadline(string tenant, string source)
    {
        await engine.Value(Innocent, new { n = 0 }, tenant);
        await Beside(async () =>
        {
            var result = await engine.Run(source, tenant: tenant, deadline: TimeSpan.FromSeconds(1), host: new Silent());
            Assert.True(result.Outcome is JsOutcome.OutOfTime or JsOutcome.Failed, $"{result.Outcome} {result.Value} {result.Error}");
        });

        Assert.Equal(2, (await engine.Value(Innocent, new { n = 1 }, tenant)).GetProperty("n").GetInt32());
    }

    [Theory]
    [InlineData("heap-bomb", "export default () => { const all = []; for (;;) all.push(new Array(1000).fill({ x: all.length })); }")]
    [InlineData("buffer-bomb", "export default () => { const all = []; for (;;) all.push(new Uint8Array(16 << 20).fill(1)); }")]
    [InlineData("string-bomb", "export default () => { let s = 'x'; for (;;) s += s + Math.random(); }")]
    [InlineData("stack-bomb", "const f = () => f() + 1; export default () => f()")]
    [InlineData("deep-brackets", "export default () => (((((")]
    [InlineData("import-other-tenant", "export default async () => (await import('/slot/run.sock')).x")]
    public async Task What_takes_too_much_fails(string tenant, string source)
    {
        await Beside(async () =>
        {
            var result = await engine.Run(source, tenant: tenant, deadline: TimeSpan.FromSeconds(20));
            Assert.True(result.Outcome is JsOutcome.Failed or JsOutcome.OutOfTime, $"{result.Outcome} {result.Value}");
        });

        Assert.Equal(2, (await engine.Value(Innocent, new { n = 1 }, tenant)).GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_thousand_fetches_and_a_thousand_calls_keep_nobody_else_waiting()
    {
        await Beside(async () =>
        {
            var value = await engine.Value("""
                export default async (p, remix) => {
                  const fetches = Array.from({ length: 1000 }, (_, i) => fetch(`https://127.0.0.1:1/${i}`).then(() => 'came', () => 'refused'));
                  const calls = Array.from({ length: 1000 }, (_, i) => remix.db.get('x', i).then(() => 'ok', () => 'failed'));
                  const results = await Promise.all([...fetches, ...calls]);
                  return { refused: results.filter((r) => r === 'refused').length, ok: results.filter((r) => r === 'ok').length };
                };
                """, tenant: "fork");
            Assert.Equal("""{"refused":1000,"ok":1000}""", value.GetRawText());
        });
    }

    [Fact]
    public async Task Calls_that_only_wait_keep_no_call_from_its_turn()
    {
        var host = new Waiting();
        var waiting = Enumerable.Range(0, 4).Select(n => engine.Run("""
            export default async (p, remix) => {
              await Promise.all(Array.from({ length: 60 }, () => remix.agents.call('other')));
              return {};
            };
            """, new { n }, "waits", host, deadline: TimeSpan.FromSeconds(20))).ToList();
        await host.AllWait(240);

        await engine.Value("export default async (p, remix) => { await remix.db.get('go'); return {}; }", tenant: "waits", host: host);

        Assert.All(await Task.WhenAll(waiting), run => Assert.Equal(JsOutcome.Returned, run.Outcome));
    }

    [Fact]
    public async Task Work_left_behind_ends_with_its_call()
    {
        var host = new Echo();
        await engine.Value("export default async (p, remix) => { setTimeout(() => remix.db.get('late'), 50); "
            + "remix.db.get('now').catch(() => {}); return {}; }",
            tenant: "left-behind", host: host);
        await Task.Delay(200);

        Assert.DoesNotContain(host.Calls, call => call.Arguments.Contains("late", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_burns_the_processor_goes_last_and_so_does_what_comes_after_him()
    {
        await engine.Value(Innocent, new { n = 0 }, "good");
        await engine.Value(Innocent, new { n = 0 }, "burns");
        var good = await ProcessOf("good");
        var burning = await ProcessOf("burns");
        var run = engine.Run("export default () => { for (;;); }", tenant: "burns", deadline: TimeSpan.FromSeconds(20));
        await Patience.Until(async () =>
        {
            await Task.Delay(50);
            engine.Pool.WatchCalls();
            return Niceness(burning);
        }, nice => nice == (19, 19) || nice == (19, null));
        Assert.Equal(5, Niceness(good).Own);

        System.Diagnostics.Process.GetProcessById(burning).Kill();
        Assert.Equal(JsOutcome.Failed, (await run).Outcome);
        await engine.Value(Innocent, new { n = 0 }, "burns");
        Assert.Equal(19, Niceness(await ProcessOf("burns")).Own);
    }

    [Fact]
    public async Task Whose_processes_keep_dying_at_work_waits_for_the_next()
    {
        var key = AgentRuntime.Key(new JsTenant("dies"));
        for (var deaths = 0; deaths < 3; deaths++)
        {
            Assert.Equal(TimeSpan.Zero, engine.Pool.Pause(key));
            var host = new Echo();
            var run = engine.Run("""
                export default async (p, remix) => {
                  await remix.db.get('here');
                  await new Promise(() => setInterval(() => {}, 1000));
                };
                """, tenant: "dies", host: host);
            await Patience.Until(() => Task.FromResult(host.Calls.Count), calls => calls > 0);
            System.Diagnostics.Process.GetProcessById(await ProcessOf("dies")).Kill();
            Assert.Equal(JsOutcome.Failed, (await run).Outcome);
        }

        Assert.InRange(engine.Pool.Pause(key), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, engine.Pool.Pause(AgentRuntime.Key(new JsTenant("neighbour"))));
        Assert.Equal(2, (await engine.Value(Innocent, new { n = 1 }, "dies")).GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Who_is_answered_by_the_megabyte_waits_while_others_are_at_work()
    {
        const string bulky = "export default () => ({ s: 'x'.repeat(8e6) });";
        var key = AgentRuntime.Key(new JsTenant("bulky"));
        await using var alone = new Engine();
        await alone.Value(bulky, tenant: "bulky");
        alone.Pool.WatchCalls();
        await alone.Value(bulky, tenant: "bulky");
        Assert.Equal(TimeSpan.Zero, alone.Pool.Turn(key));

        await Beside(async () =>
        {
            await engine.Value(bulky, tenant: "bulky");
            await Patience.Until(() =>
            {
                engine.Pool.WatchCalls();
                return Task.FromResult(engine.Pool.IsCrowded);
            }, crowded => crowded);
            // Together, so that a slow machine has not paid for the first before the last has come.
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => engine.Value(bulky, tenant: "bulky")));
            Assert.True(engine.Pool.Turn(key) > TimeSpan.Zero);
            Assert.Equal(TimeSpan.Zero, engine.Pool.Turn(AgentRuntime.Key(new JsTenant("neighbour"))));
            await engine.Value(bulky, tenant: "bulky");
        });
    }

    private async Task<int> ProcessOf(string tenant)
    {
        using var lease = await engine.Rent(tenant);
        return ProcessTree.Innermost(lease.Slot.ProcessId);
    }

    /// <summary>Its own, and that of its group where the kernel groups by session.</summary>
    private static (int Own, int? Group) Niceness(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var own = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
        var file = $"/proc/{processId}/autogroup";
        var group = File.Exists(file) && File.ReadAllText("/proc/sys/kernel/sched_autogroup_enabled").Trim() == "1"
            ? int.Parse(File.ReadAllText(file).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture) : (int?)null;
        return (own, group);
    }

    [Fact]
    public async Task Nothing_waits_for_what_is_collected_in_another_call() => Assert.Equal("undefined",
        (await engine.Value("export default () => ({ kind: typeof FinalizationRegistry })")).GetProperty("kind").GetString());

    [Fact]
    public async Task A_process_that_is_killed_is_replaced()
    {
        await engine.Value(Innocent, new { n = 1 }, "killed");
        var running = engine.Run("export default () => new Promise(() => setInterval(() => {}, 1000))", tenant: "killed");
        using (var lease = await engine.Rent("killed"))
        {
            using var victim = System.Diagnostics.Process.GetProcessById(lease.Slot.ProcessId);
            victim.Kill(entireProcessTree: true);
        }

        Assert.Equal(JsOutcome.Failed, (await running).Outcome);
        Assert.Equal(2, (await engine.Value(Innocent, new { n = 1 }, "killed")).GetProperty("n").GetInt32());
    }

    /// <summary>Does something while another tenant calls, all of whose calls must be right.</summary>
    private async Task Beside(Func<Task> harm)
    {
        using var over = new CancellationTokenSource();
        var calls = 0;
        var neighbour = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested || calls < 3)
            {
                var value = await engine.Value(Innocent, new { n = calls }, "neighbour");
                Assert.Equal(++calls, value.GetProperty("n").GetInt32());
            }
        });
        try
        {
            await harm();
        }
        finally
        {
            await over.CancelAsync();
            await neighbour;
        }
    }

    private sealed class Silent : IJsHost
    {
        public async Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop)
        {
            await Task.Delay(Timeout.Infinite, stop);
            return default;
        }
    }

    /// <summary>A host whose agents answer when a record is asked for.</summary>
    private sealed class Waiting : IJsHost
    {
        private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int waiting;

        public Task AllWait(int count) => Patience.Until(() => Task.FromResult(Volatile.Read(ref waiting)), now => now == count);

        public async Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop)
        {
            if (operation == "agents.call")
            {
                Interlocked.Increment(ref waiting);
                await go.Task.WaitAsync(stop);
            }
            else
            {
                go.TrySetResult();
            }

            return "{}"u8.ToArray();
        }
    }
}
