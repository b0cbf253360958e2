using Remix.JsRuntime;

namespace Remix.Tests.JsRuntime;

/// <summary>What an author reads when code fails, and what it wrote to its console.</summary>
public sealed class ErrorAndLogTests(Engine engine) : IClassFixture<Engine>
{
    [Fact]
    public async Task A_thrown_error_points_at_the_authors_line()
    {
        var error = await engine.Error("""
            const inner = (what) => {
              throw new RangeError(`no ${what}`);
            };

            export default async function agent() {
              inner('way');
            }
            """);

        Assert.Equal(("RangeError", "no way"), (error.Name, error.Message));
        Assert.StartsWith("RangeError: no way\n    at inner (main.js:2:9)\n    at agent (main.js:6:3)", error.Stack, StringComparison.Ordinal);
        Assert.DoesNotContain("_rmx", error.Stack, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("const a = ;\nexport default () => ({})", "SyntaxError", "main.js:1:11")]
    [InlineData("export default () => {\n  return {;\n}", "SyntaxError", "main.js:")]
    [InlineData("export default () => ({})\n}", "SyntaxError", "main.js:2:1")]
    [InlineData("if (true) { import a from './b.js' }", "SyntaxError", "main.js:1:13")]
    [InlineData("import { DurableObject } from 'cloudflare:workers'\nexport default () => ({})", "SyntaxError", "main.js:1:31")]
    [InlineData("import x from './missing.js'", "SyntaxError", "main.js:1:15")]
    [InlineData("\nthrow new TypeError('at once');\nexport default () => ({})", "TypeError", "main.js:2:7")]
    [InlineData("export const a = 1;", "TypeError", "")]
    public async Task Code_that_cannot_run_says_where(string source, string name, string place)
    {
        var error = await engine.Error(source);

        Assert.Equal(name, error.Name);
        Assert.Contains(place, error.Stack, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'plain words'", "plain words")]
    [InlineData("{ code: 7 }", """{"code":7}""")]
    [InlineData("undefined", "undefined")]
    [InlineData("{ get message() { throw 1 }, toJSON() { throw 2 } }", "What was thrown cannot be shown")]
    public async Task Anything_may_be_thrown(string thrown, string message)
    {
        Assert.Equal(message, (await engine.Error($"export default () => {{ throw ({thrown}) }}")).Message);
    }

    [Fact]
    public async Task Code_that_failed_to_load_may_load_later()
    {
        var attempts = 0;
        var run = new JsRun(new JsTenant("ws-later"), "later", _ => attempts++ == 0
            ? throw new JsHostException("The code is not there yet")
            : new ValueTask<JsModules>(new JsModules("a.js", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["a.js"] = "export default () => ({})",
            })), Engine.Json(new { }), Engine.Json(new { }), TimeSpan.FromSeconds(30), new Echo());

        var first = await engine.Runtime.Run(run, default);
        var second = await engine.Runtime.Run(run, default);

        Assert.Equal("The code is not there yet", first.Error?.Message);
        Assert.Equal(JsOutcome.Returned, second.Outcome);
    }

    [Fact]
    public async Task The_console_is_kept_line_by_line_even_when_the_run_fails()
    {
        var result = await engine.Run("""
            console.log('top', 1, { a: [1, 'x', null], m: new Map([['k', 1n]]) });
            export default async () => {
              console.warn('careful');
              console.error(new Error('shown').message, [undefined, () => 1]);
              throw new Error('done');
            };
            """);

        Assert.Equal(["info: top 1 { a: [1, \"x\", null], m: Map { k: 1n } }", "warn: careful", "error: shown [undefined, [function anonymous]]"],
            result.Logs.Select(line => $"{line.Level}: {line.Text}"));
        Assert.Equal("done", result.Error?.Message);
    }

    [Theory]
    [InlineData("Promise.reject(new RangeError('stray'));", "Nobody caught: RangeError: stray")]
    [InlineData("setTimeout(() => { throw new RangeError('stray'); }, 1);", "A timer threw: RangeError: stray")]
    [InlineData("globalThis.setTimeout(async () => { throw new RangeError('stray'); }, 1);", "Nobody caught: RangeError: stray")]
    [InlineData("queueMicrotask(() => { throw new RangeError('stray'); });", "A timer threw: RangeError: stray")]
    public async Task What_nobody_catches_is_a_line_of_its_own_call(string code, string line)
    {
        const string wait = "await new Promise((done) => setTimeout(done, 30)); return {};";
        var runs = await Task.WhenAll(engine.Run($"export default async ({{ n }}) => {{ if (n) {{ {code} }} {wait} }};", new { n = 1 }),
            engine.Run($"export default async ({{ n }}) => {{ if (n) {{ {code} }} {wait} }};", new { n = 0 }));

        Assert.All(runs, run => Assert.Equal(JsOutcome.Returned, run.Outcome));
        var said = Assert.Single(runs[0].Logs);
        Assert.Equal("error", said.Level);
        Assert.StartsWith(line, said.Text, StringComparison.Ordinal);
        Assert.Contains("main.js:1:", said.Text, StringComparison.Ordinal);
        Assert.Empty(runs[1].Logs);
    }

    [Fact]
    public async Task A_flood_of_lines_is_cut_and_counted()
    {
        var result = await engine.Run("""
            export default () => {
              console.log('x'.repeat(1_000_000));
              for (let i = 0; i < 100_000; i++) console.log('line', i);
              return { ok: true };
            };
            """);

        Assert.Equal(JsOutcome.Returned, result.Outcome);
        Assert.True(result.Logs.Count <= 1_001);
        Assert.True(result.Logs[0].Text.Length < 9_000);
        Assert.Contains("more lines were dropped", result.Logs[^1].Text, StringComparison.Ordinal);
    }
}
