using System.Text;
using Remix.JsRuntime;

namespace Remix.Tests.JsRuntime;

/// <summary>What <c>remix</c> offers reaches the host, with all values that code has and JSON has not.</summary>
public sealed class RemixObjectTests(Engine engine) : IClassFixture<Engine>
{
    [Theory]
    [InlineData("remix.db.get('notes', 'id1')", "db.get", """["notes","id1"]""")]
    [InlineData("remix.db.save('notes', { title: 'a' })", "db.save", """["notes",{"title":"a"}]""")]
    [InlineData("remix.agents.call('greet', { name: 'x' })", "agents.call", """["greet",{"name":"x"}]""")]
    [InlineData("remix.topics.publish('news', [1])", "topics.publish", """["news",[1]]""")]
    [InlineData("remix.signals.await('s', 5)", "signals.await", """["s",5]""")]
    [InlineData("remix.files.read('/a.txt')", "files.read", """["/a.txt"]""")]
    [InlineData("remix.secrets.get('key')", "secrets.get", """["key"]""")]
    public async Task Each_method_is_an_operation_of_the_host(string call, string operation, string arguments)
    {
        var host = new Echo();

        var value = await engine.Value($"export default async (p, remix) => {call}", host: host);

        Assert.Equal((operation, arguments), Assert.Single(host.Calls));
        Assert.Equal($$"""{"operation":"{{operation}}","arguments":{{arguments}}}""", value.GetRawText());
    }

    [Fact]
    public async Task The_environment_is_what_the_host_said()
    {
        Assert.Equal("""{"app":"notes","user":"ann"}""", (await engine.Value("export default (p, remix) => remix.env")).GetRawText());
    }

    [Theory]
    [InlineData("undefined", """{"_rmx_type":"{tag}undefined"}""")]
    [InlineData("NaN", """{"_rmx_type":"{tag}nan"}""")]
    [InlineData("-1 / 0", """{"_rmx_type":"{tag}neginf"}""")]
    [InlineData("Infinity", """{"_rmx_type":"{tag}posinf"}""")]
    [InlineData("new Uint8Array([1, 2, 255])", """{"_rmx_type":"{tag}bin","_rmx_value":"AQL/"}""")]
    [InlineData("new Uint16Array([258]).buffer", """{"_rmx_type":"{tag}bin","_rmx_value":"AgE="}""")]
    [InlineData("remix.db.ref('r1')", """{"_rmx_type":"{tag}case:db.ref","_rmx_value":"r1"}""")]
    [InlineData("({ _rmx_type: '{tag}bin' })", """{"_rmx_type":"{str}{tag}bin"}""")]
    [InlineData("({ _rmx_type: '{str}x', _rmx_value: [undefined] })",
        """{"_rmx_type":"{str}{str}x","_rmx_value":[{"_rmx_type":"{tag}undefined"}]}""")]
    [InlineData("new Date(0)", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("[1, 'two', null, true, { deep: [{}] }]", """[1,"two",null,true,{"deep":[{}]}]""")]
    public async Task Values_that_JSON_lacks_travel_tagged_and_come_back(string expression, string json)
    {
        var host = new Answers(json);

        var value = await engine.Value($$"""
            export default async (p, remix) => {
              const given = {{expression}};
              const back = await remix.db.get(given);
              const again = await remix.db.get(back);
              return { given, back, again, param: p.value };
            };
            """, new { value = System.Text.Json.JsonDocument.Parse(json).RootElement }, host: host);

        Assert.Equal($$"""{"given":{{json}},"back":{{json}},"again":{{json}},"param":{{json}}}""", Plain(value.GetRawText()));
        Assert.Equal([$"[{json}]", $"[{json}]"], host.Arguments.Select(Plain));

        static string Plain(string text) => text.Replace("\\/", "/", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("() => 1", "A function cannot be passed on")]
    [InlineData("10n", "A bigint cannot be passed on")]
    [InlineData("(() => { const a = {}; a.a = a; return a })()", "nested too deeply")]
    public async Task What_cannot_be_said_is_an_error_where_it_was_said(string expression, string message)
    {
        var error = await engine.Error($"export default async (p, remix) => remix.db.get({expression})");

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("TypeError", error.Name);
    }

    [Fact]
    public async Task What_the_host_refuses_is_thrown_in_the_code_with_its_code()
    {
        var value = await engine.Value("""
            export default async (p, remix) => {
              try { await remix.db.get('notes'); } catch (e) { return { message: e.message, code: e.code, is: e instanceof Error }; }
            };
            """, host: new Refuses());

        Assert.Equal("""{"message":"No such record","code":"NOT_FOUND","is":true}""", value.GetRawText());
    }

    [Fact]
    public async Task A_host_that_breaks_tells_the_author_nothing_of_itself()
    {
        await using var own = new Engine();

        var error = await own.Error("export default async (p, remix) => remix.db.get('notes')", host: new Breaks());

        Assert.Equal("The server failed to answer. Try again", error.Message);
        Assert.Single(own.Log.Take());
    }

    [Fact]
    public async Task Calls_of_one_run_are_under_way_at_once()
    {
        var host = new Meets(5);

        var value = await engine.Value(
            "export default async (p, remix) => ({ n: (await Promise.all([1, 2, 3, 4, 5].map((n) => remix.db.get(n)))).length })",
            host: host);

        Assert.Equal(5, value.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_run_has_no_way_to_speak_for_another()
    {
        var other = new Echo();
        var value = await engine.Value("""
            export default async (p, remix) => {
              const tried = [];
              for (const address of ['http://host/call', 'http://host/code', 'https://host/call']) {
                try {
                  const answer = await fetch(address, { method: 'POST', headers: { 'x-run': 'a'.repeat(32), 'x-op': 'db.get' }, body: '[]' });
                  tried.push(answer.status);
                } catch (e) { tried.push('refused'); }
              }
              try { tried.push(typeof (await import('cloudflare:workers')).env); } catch (e) { tried.push('no import'); }
              tried.push(typeof globalThis.env, typeof process, typeof Buffer, Object.keys(remix).sort().join());
              return { tried };
            };
            """, host: other);

        Assert.Equal("""
            ["refused","refused","refused","no import","undefined","undefined","undefined",
            "agents,case,db,env,fetch,files,secrets,signals,topics"]
            """.ReplaceLineEndings(""),
            value.GetProperty("tried").GetRawText());
        Assert.Empty(other.Calls);
    }

    private sealed class Answers(string json) : IJsHost
    {
        public List<string> Arguments { get; } = [];

        public Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop)
        {
            Arguments.Add(Encoding.UTF8.GetString(arguments.Span));
            return Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(json));
        }
    }

    private sealed class Refuses : IJsHost
    {
        public Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop) =>
            throw new JsHostException("No such record", "NOT_FOUND");
    }

    private sealed class Breaks : IJsHost
    {
        public Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop) =>
            throw new InvalidOperationException("inside knowledge");
    }

    /// <summary>Answers nobody before so many have come.</summary>
    private sealed class Meets(int count) : IJsHost
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int came;

        public async Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop)
        {
            if (Interlocked.Increment(ref came) == count)
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(stop);
            return "null"u8.ToArray();
        }
    }
}
