using Remix.JsRuntime;
using Remix.JsRuntime.Workers;
using Remix.Tests.Support;

namespace Remix.Tests.JsRuntime;

/// <summary>A worker answers requests, with storage that is its tenant's alone and that outlives its process.</summary>
public sealed class WorkerTests : IAsyncLifetime
{
    private const string Storing = """
        import { DurableObject } from 'cloudflare:workers';
        export class Counter extends DurableObject {
          async add() { const n = ((await this.ctx.storage.get('n')) ?? 0) + 1; await this.ctx.storage.put('n', n); return n; }
        }
        export default {
          async fetch(request, env, ctx) {
            const url = new URL(request.url);
            try {
              switch (url.pathname) {
                case '/hello': return new Response(`hello ${env.WHO} at ${url.host}`, { status: 201, headers: { 'x-made-by': 'worker' } });
                case '/kv': {
                  await env.KV.put('a/b c', 'one', { metadata: { by: 'me' } });
                  await env.KV.put('a/z', JSON.stringify({ two: 2 }));
                  await env.KV.put('gone', 'x'); await env.KV.delete('gone');
                  const list = await env.KV.list({ prefix: 'a/', limit: 1 });
                  const rest = await env.KV.list({ prefix: 'a/', cursor: list.cursor });
                  return Response.json({ one: await env.KV.getWithMetadata('a/b c'), two: await env.KV.get('a/z', 'json'),
                    none: await env.KV.get('gone'),
                    first: list.keys, rest: rest.keys.map((key) => key.name), done: rest.list_complete });
                }
                case '/kv-get': return Response.json(await env.KV.get('a/b c'));
                case '/d1': {
                  await env.DB.exec('create table if not exists t (id integer primary key, name text, data blob)');
                  await env.DB.batch([env.DB.prepare('insert into t (name, data) values (?1, ?2)').bind('x', new Uint8Array([1, 2]).buffer),
                    env.DB.prepare('insert into t (name) values (?)').bind('y')]);
                  const all = await env.DB.prepare('select * from t order by id').all();
                  return Response.json({ rows: all.results, first: await env.DB.prepare('select name from t where id = ?').bind(2).first('name') });
                }
                case '/d1-bad': return Response.json((await env.DB.prepare(await request.text()).all()).results);
                case '/count': return Response.json(await env.COUNTER.get(env.COUNTER.idFromName('one')).add());
                case '/spin':
                  ctx.waitUntil((async () => { for (;;) { for (let i = 0; i < 5e7; i++); await scheduler.wait(1); } })());
                  return new Response('spinning');
                case '/loop': for (;;);
                case '/out': return new Response((await fetch(await request.text())).status);
              }
            } catch (e) { return new Response(e.message, { status: 500 }); }
            return new Response(null, { status: 404 });
          },
        };
        """;

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("remix-workers-");
    private Engine engine = null!;

    public ValueTask InitializeAsync()
    {
        // Where the server is root, processes are nobody's, who must be able to walk to what is theirs.
        if (!OperatingSystem.IsWindows())
        {
            data.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }

        engine = New();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_request_reaches_the_worker_as_it_was_and_its_answer_comes_back()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://slot/hello");
        request.Headers.Host = "shop.example.org";
        using var answer = await Send(request);

        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal("worker", answer.Headers.GetValues("x-made-by").Single());
        Assert.Equal("hello world at shop.example.org", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task KV_keeps_keys_values_metadata_and_order()
    {
        Assert.Equal("""
            {"one":{"value":"one","metadata":{"by":"me"},"cacheStatus":null},"two":{"two":2},"none":null,
            "first":[{"name":"a/b c","metadata":{"by":"me"}}],"rest":["a/z"],"done":true}
            """.ReplaceLineEndings(""), await Text("/kv"));

        await engine.DisposeAsync();
        engine = New();

        Assert.Equal("\"one\"", await Text("/kv-get"));
        Assert.Equal("null", await Text("/kv-get", tenant: "other"));
    }

    [Fact]
    public async Task D1_runs_SQL_on_a_database_of_its_own()
    {
        Assert.Equal("""{"rows":[{"id":1,"name":"x","data":[1,2]},{"id":2,"name":"y","data":null}],"first":"y"}""", await Text("/d1"));
    }

    [Theory]
    [InlineData("attach database '/etc/passwd' as x")]
    [InlineData("pragma journal_mode = delete")]
    [InlineData("select load_extension('x')")]
    [InlineData("commit")]
    [InlineData("select * from missing")]
    [InlineData("vacuum into '/tmp/x'")]
    [InlineData("with recursive c(n) as (select 1 union all select n + 1 from c) select n, randomblob(100000) from c")]
    [InlineData("select zeroblob(2000000000)")]
    public async Task D1_refuses_what_reaches_beyond_its_tables(string sql)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://slot/d1-bad") { Content = new StringContent(sql) };
        using var answer = await Send(request);

        Assert.Equal(500, (int)answer.StatusCode);
        Assert.StartsWith("D1_ERROR", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_durable_object_remembers_across_processes_and_generations()
    {
        Assert.Equal("1", await Text("/count"));
        Assert.Equal("2", await Text("/count"));
        Assert.Equal("3", await Text("/count", generation: 2));

        await engine.DisposeAsync();
        engine = New();

        Assert.Equal("4", await Text("/count", generation: 2));
    }

    [Fact]
    public async Task A_new_generation_takes_over()
    {
        Assert.Equal("hello world at slot", await Text("/hello"));
        var first = await Rent(1);
        first.Dispose();

        Assert.Equal("hello again at slot", await Text("/hello", generation: 2, who: "again"));
        await first.Slot.Gone;
        Assert.Equal("hello again at slot", await Text("/hello", generation: 1));
    }

    [Fact]
    public async Task A_worker_that_works_on_for_nobody_is_ended()
    {
        Assert.Equal("spinning", await Text("/spin"));
        var lease = await Rent(1);
        lease.Dispose();

        await Patience.Until(async () =>
        {
            await Task.Delay(200);
            engine.Pool.Watch();
            return lease.Slot.IsDead;
        }, dead => dead);
        Assert.Equal("hello world at slot", await Text("/hello"));
    }

    [Fact]
    public async Task A_worker_that_does_not_end_is_ended_at_the_deadline()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://slot/loop");
        var failure = await Assert.ThrowsAsync<WorkerException>(() => Send(request, deadline: TimeSpan.FromSeconds(2)));

        Assert.Equal(504, failure.Status);
        Assert.Equal("hello world at slot", await Text("/hello"));
    }

    [Fact]
    public async Task The_private_network_is_closed_to_workers_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://slot/out") { Content = new StringContent("https://127.0.0.1/") };
        using var answer = await Send(request);

        Assert.Contains(await answer.Content.ReadAsStringAsync(), (string[])["403", "refused"]);
    }

    private Engine New() => new(new SlotPolicy { WatchEvery = TimeSpan.FromMilliseconds(200) },
        settings => settings with { DataDirectory = data.FullName });

    private Task<Remix.JsRuntime.Slots.SlotPool.Lease> Rent(long generation) =>
        engine.Service<WorkerRuntime>().Rent(new JsTenant("shop"), generation, _ => new ValueTask<WorkerCode>(Code(generation, "world")), default);

    private Task<HttpResponseMessage> Send(HttpRequestMessage request, string tenant = "shop", long generation = 1, string who = "world",
        TimeSpan? deadline = null) => engine.Service<WorkerRuntime>().Send(new JsTenant(tenant), generation,
            _ => new ValueTask<WorkerCode>(Code(generation, who)), request, deadline ?? TimeSpan.FromSeconds(60), default);

    private async Task<string> Text(string path, string tenant = "shop", long generation = 1, string who = "world")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://slot{path}");
        using var answer = await Send(request, tenant, generation, who);
        return await answer.Content.ReadAsStringAsync();
    }

    private static WorkerCode Code(long generation, string who) => new(generation, [("main.js", Storing)],
    [
        new("WHO", WorkerBindingKind.Text, who), new("KV", WorkerBindingKind.Kv), new("DB", WorkerBindingKind.D1),
        new("COUNTER", WorkerBindingKind.Objects, "Counter"),
    ]);
}
