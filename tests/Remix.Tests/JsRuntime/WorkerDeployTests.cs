using System.Collections.Concurrent;
using Remix.JsRuntime;
using Remix.JsRuntime.Workers;
using Remix.Tests.Support;

namespace Remix.Tests.JsRuntime;

/// <summary>A worker is put in another's place without a gap, is called at its times, and what it says is heard.</summary>
public sealed class WorkerDeployTests : IAsyncLifetime
{
    private readonly Workshop shop = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task Code_that_does_not_load_leaves_the_old_in_place_and_says_where()
    {
        await shop.Runtime.Deploy(new JsTenant("shop"), Saying("one", 1), default);

        var broken = new WorkerCode(2, [("main.js", "export default {\n  fetch() { return new Response('two' }\n};")], []);
        var failure = await Assert.ThrowsAsync<WorkerException>(() => shop.Runtime.Deploy(new JsTenant("shop"), broken, default));

        Assert.Equal(422, failure.Status);
        Assert.Contains("SyntaxError", failure.Message, StringComparison.Ordinal);
        Assert.Contains("main.js:2", failure.Message, StringComparison.Ordinal);
        Assert.Equal("one", await shop.Text(Saying("one", 1)));
        await shop.Runtime.Deploy(new JsTenant("shop"), Saying("three", 3), default);
        Assert.Equal("three", await shop.Text(Saying("one", 1)));
    }

    [Fact]
    public async Task No_request_fails_while_the_new_takes_over()
    {
        var tenant = new JsTenant("shop");
        await shop.Runtime.Deploy(tenant, Saying("1", 1), default);
        using var over = new CancellationTokenSource();
        var heard = new ConcurrentBag<string>();
        var callers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!over.IsCancellationRequested)
            {
                heard.Add(await shop.Text(Saying("1", 1)));
            }
        }).ToList();
        for (var generation = 2; generation <= 4; generation++)
        {
            await shop.Runtime.Deploy(tenant, Saying($"{generation}", generation), default);
        }

        await over.CancelAsync();
        await Task.WhenAll(callers);

        Assert.Subset(new HashSet<string>(["1", "2", "3", "4"], StringComparer.Ordinal), heard.ToHashSet(StringComparer.Ordinal));
        Assert.Equal("4", await shop.Text(Saying("1", 1)));
    }

    [Theory]
    [InlineData("../x", "KV", "main.js", "tenant")]
    [InlineData("shop", "../KV", "main.js", "binding")]
    [InlineData("shop", "K\"V", "main.js", "binding")]
    [InlineData("shop", "KV", "../main.js", "module")]
    [InlineData("shop", "KV", "a\nb.js", "module")]
    public async Task Names_that_would_reach_elsewhere_are_refused(string tenant, string binding, string module, string word)
    {
        var code = new WorkerCode(1, [(module, "export default {}")], [new WorkerBinding(binding, WorkerBindingKind.Kv)]);

        var failure = await Assert.ThrowsAsync<WorkerException>(() => shop.Runtime.Deploy(new JsTenant(tenant), code, default));

        Assert.Equal(422, failure.Status);
        Assert.Contains(word, failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Its_cron_is_called_with_pattern_and_time_and_from_outside_nobody_can()
    {
        var code = Workshop.Code("""
            export default {
              async scheduled(event, env) {
                await env.KV.put('ran', `${event.cron} ${event.scheduledTime}`);
                if (event.cron === 'bad') throw new Error('no');
              },
              async fetch(request, env) { return new Response(await env.KV.get('ran') ?? 'never'); },
            };
            """, new WorkerBinding("KV", WorkerBindingKind.Kv));
        using var forged = new HttpRequestMessage(HttpMethod.Get, "http://slot/");
        forged.Headers.TryAddWithoutValidation("x-remix-cron", "* * * * *");
        using var answer = await shop.Send(code, forged);
        Assert.Equal("never", await answer.Content.ReadAsStringAsync());

        Assert.True(await RunScheduled(code, "*/5 * * * *"));
        Assert.Equal("*/5 * * * * 1767225600000", await shop.Text(code));
        Assert.False(await RunScheduled(code, "bad"));
    }

    [Fact]
    public async Task What_each_invocation_wrote_and_threw_is_heard()
    {
        var heard = new ConcurrentQueue<WorkerInvocation>();
        var code = Workshop.Code("""
            export default {
              async fetch(request) {
                console.log('asked for', new URL(request.url).pathname, { a: 1 });
                if (request.url.endsWith('/bad')) throw new RangeError('too far');
                return new Response('ok');
              },
              scheduled() { console.warn('ticked'); },
            };
            """) with
        { Heard = heard.Enqueue };

        Assert.Equal("ok", await shop.Text(code, "/good"));
        await shop.Text(code, "/bad");
        Assert.True(await RunScheduled(code, "0 0 * * *"));
        await Patience.Until(() => Task.FromResult(heard.Count), count => count == 3);

        var good = heard.Single(one => one.Event.EndsWith("/good", StringComparison.Ordinal));
        Assert.Equal(("GET http://slot/good", "ok"), (good.Event, good.Outcome));
        Assert.Equal("info: asked for /good {\"a\":1}", $"{good.Logs[0].Level}: {good.Logs[0].Text}");
        var bad = heard.Single(one => one.Event.EndsWith("/bad", StringComparison.Ordinal));
        Assert.Equal(("exception", "RangeError", "too far"), (bad.Outcome, bad.Exceptions[0].Name, bad.Exceptions[0].Message));
        Assert.Equal("warn: ticked", heard.Where(one => one.Event == "cron 0 0 * * *")
            .Select(one => $"{one.Logs[0].Level}: {one.Logs[0].Text}").Single());
    }

    private Task<bool> RunScheduled(WorkerCode code, string cron) => shop.Runtime.RunScheduled(new JsTenant("shop"), code.Generation,
        _ => new ValueTask<WorkerCode>(code), cron, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(30), default);

    private static WorkerCode Saying(string words, long generation) =>
        new(generation, [("main.js", $"export default {{ fetch() {{ return new Response('{words}'); }} }};")], []);
}
