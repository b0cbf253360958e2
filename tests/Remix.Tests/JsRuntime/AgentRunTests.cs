using System.Text.Json;
using Remix.JsRuntime;

namespace Remix.Tests.JsRuntime;

/// <summary>An agent's module is called with parameters and returns; nothing of a call is left for the next.</summary>
public sealed class AgentRunTests(Engine engine) : IClassFixture<Engine>
{
    [Fact]
    public async Task The_default_export_gets_the_parameters_and_its_result_comes_back()
    {
        var value = await engine.Value("export default async ({ a, b }) => ({ sum: a + b })", new { a = 1, b = 2 });

        Assert.Equal(3, value.GetProperty("sum").GetInt32());
    }

    [Fact]
    public async Task Every_call_is_a_new_instance()
    {
        const string source = """
            let count = 0;
            const seen = new Map();
            export default async () => { seen.set(count, 1); return { count: ++count, seen: seen.size }; };
            """;

        foreach (var value in new[] { await engine.Value(source), await engine.Value(source), await engine.Value(source) })
        {
            Assert.Equal("""{"count":1,"seen":1}""", value.GetRawText());
        }
    }

    [Theory]
    [InlineData("globalThis.mark = (globalThis.mark ?? 0) + 1; return { left: globalThis.mark }")]
    [InlineData("const left = [].mark ?? 1; try { Array.prototype.mark = 2 } catch { } return { left }")]
    [InlineData("const left = Object.mark ?? 1; try { Object.mark = 2 } catch { } return { left }")]
    [InlineData("const left = fetch.mark ?? 1; try { fetch.mark = 2 } catch { } return { left }")]
    [InlineData("const left = setTimeout.mark ?? 1; try { setTimeout.mark = 2 } catch { } return { left }")]
    [InlineData("const left = import.meta.mark ?? 1; try { import.meta.mark = 2 } catch { } return { left }")]
    [InlineData("const left = RegExp.$1 || 1; /(2)/.test('2'); return { left }")]
    [InlineData("const left = (async () => {}).constructor.mark ?? 1; try { (async () => {}).constructor.mark = 2 } catch { } return { left }")]
    [InlineData("const p = (function* () {})().__proto__.__proto__; const left = p.mark ?? 1; try { p.mark = 2 } catch { } return { left }")]
    [InlineData("const left = performance.mark ?? 1; try { performance.mark = 2 } catch { } return { left }")]
    [InlineData("const g = await new Promise(r => setTimeout(function () { r(this) }, 0));"
        + " const left = g?.mark ?? 1; try { g.mark = 2 } catch { } return { left }")]
    [InlineData("const left = remix.env.mark ?? 1; try { remix.env.mark = 2 } catch { } return { left }")]
    [InlineData("const left = remix.case('x', 1).constructor.mark ?? 1; try { remix.case('x', 1).constructor.mark = 2 } catch { } return { left }")]
    [InlineData("const left = URL.prototype.mark ?? 1; try { URL.prototype.mark = 2 } catch { } return { left }")]
    [InlineData("const p = new Response().headers.entries().__proto__; const left = p.mark ?? 1; try { p.mark = 2 } catch { } return { left }")]
    [InlineData("const left = WebSocket.mark ?? 1; try { WebSocket.mark = 2 } catch { } return { left }")]
    [InlineData("const p = setTimeout(() => {}).__proto__; const left = p.mark ?? 1; try { p.mark = 2 } catch { } return { left }")]
    [InlineData("let p = {}; try { atob('!') } catch (e) { p = e.__proto__ } const left = p.mark ?? 1; try { p.mark = 2 } catch { } return { left }")]
    [InlineData("const { get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(globalThis), 'URL');"
        + " const left = get.mark ?? 1; try { get.mark = 2 } catch { } return { left }")]
    [InlineData("const p = globalThis.constructor; const q = constructor ?? __proto__ ?? {};"
        + " const left = p.mark ?? q.mark ?? 1; try { p.mark = 2 } catch { } try { q.mark = 2 } catch { } return { left }")]
    [InlineData("let left = 1; const hear = () => left++; for (const on of [() => addEventListener('e', hear),"
        + " () => (0, EventTarget.prototype.addEventListener)('e', hear)]) try { on() } catch { } return { left }")]
    public async Task Nothing_that_calls_share_can_be_changed(string body)
    {
        var source = $"export default async (params, remix) => {{ {body} }};";

        await engine.Value(source);
        var second = await engine.Value(source);

        Assert.Equal(1, second.GetProperty("left").GetInt32());
    }

    [Fact]
    public async Task Ordinary_code_does_not_notice_the_freezing()
    {
        var value = await engine.Value("""
            class Shape { toString() { return 'shape'; } }
            class Oops extends Error { constructor(m) { super(m); this.name = 'Oops'; this.message = m + '!'; } }
            function Old() { this.toString = () => 'old'; }
            Old.prototype.valueOf = () => 7;
            const plain = {};
            plain.constructor = 'mine';
            plain.hasOwnProperty = 1;
            globalThis.helper = () => 'helped';
            export default async () => ({
              shape: `${new Shape()}`, oops: String(new Oops('no')), old: `${new Old()}`, seven: +new Old().valueOf(), mine: plain.constructor,
              helped: globalThis.helper(), keys: Object.keys(plain).join(), date: new Date(0).toISOString(), url: new URL('/x', 'https://a.b').href,
              hash: [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('a')))].length,
              waited: await new Promise((done) => setTimeout(() => done(true), 1)), copy: structuredClone({ a: 1 }).a, b: atob(btoa('b')),
              id: crypto.randomUUID().length, sorted: [3, 1, 2].toSorted().join(),
            });
            """);

        Assert.Equal("""
            {"shape":"shape","oops":"Oops: no!","old":"old","seven":7,"mine":"mine","helped":"helped",
            "keys":"constructor,hasOwnProperty","date":"1970-01-01T00:00:00.000Z","url":"https://a.b/x","hash":32,
            "waited":true,"copy":1,"b":"b","id":36,"sorted":"1,2,3"}
            """.ReplaceLineEndings(""), value.GetRawText());
    }

    [Fact]
    public async Task The_code_is_asked_for_once()
    {
        var asked = 0;
        var run = new JsRun(new JsTenant("ws-once"), "once", _ =>
        {
            asked++;
            return new ValueTask<JsModules>(new JsModules("a.js", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["a.js"] = "export default () => ({ ok: true })",
            }));
        }, Engine.Json(new { }), Engine.Json(new { }), TimeSpan.FromSeconds(30), new Echo());

        await engine.Runtime.Run(run, default);
        var second = await engine.Runtime.Run(run, default);

        Assert.Equal(JsOutcome.Returned, second.Outcome);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Calls_of_one_tenant_run_side_by_side_without_seeing_each_other()
    {
        const string source = """
            let mine;
            export default async ({ n }, remix) => {
              mine = n;
              await remix.db.get('x', String(n));
              await new Promise((done) => setTimeout(done, 1));
              console.log(`run ${n}`);
              return { mine };
            };
            """;

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => engine.Run(source, new { n })));

        Assert.All(results.Index(), run =>
        {
            Assert.Equal(run.Index, run.Item.Value!.Value.GetProperty("mine").GetInt32());
            Assert.Equal($"run {run.Index}", Assert.Single(run.Item.Logs).Text);
        });
    }

    [Fact]
    public async Task Modules_import_each_other()
    {
        var modules = new JsModules("app/main.js", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["app/main.js"] = """
                import shout, { words as all, default as again } from './lib/shout.js';
                import * as numbers from "../numbers.js";
                export default async () => ({ said: shout(all[0]), same: shout === again, keys: Object.keys(numbers).join(),
                  late: (await import('./lib/late.js')).late, count: numbers.count() });
                """,
            ["app/lib/shout.js"] = """
                export const words = ['hello', 'bye'], unused = 1
                export default function (word) { return word.toUpperCase(); }
                """,
            ["app/lib/late.js"] = "import { two } from '../../numbers.js'; export const late = two * 2;",
            ["numbers.js"] = """
                export * from './more.js';
                export { three as drei, three as default } from './more.js';
                let counted = 0;
                const one = 1;
                export { one, one as "ein" };
                export let { two, rest: [, second = 5] } = { two: 2, rest: [1] };
                export class Counter {}
                export async function* stream() { yield 1 }
                export function count() { return ++counted; }
                """,
            ["more.js"] = "export const three = 3;",
        });

        var result = await engine.Run(modules);

        Assert.Equal("""{"said":"HELLO","same":true,"keys":"Counter,count,default,drei,ein,one,second,stream,three,two","late":4,"count":1}""",
            result.Value?.GetRawText() ?? result.Error?.Stack);
    }

    [Fact]
    public async Task An_agent_hears_of_no_events()
    {
        var value = await engine.Value("""
            export default () => ({ refused: [() => addEventListener('fetch', () => {}), () => globalThis.addEventListener('error', () => {}),
              () => (0, EventTarget.prototype.addEventListener)('fetch', () => {})]
                .map((on) => { try { on(); return ''; } catch (e) { return e.name; } }),
              own: (() => { let n = 0; const t = new EventTarget();
                t.addEventListener('a', () => n++); t.dispatchEvent(new Event('a')); return n; })() });
            """);

        Assert.Equal("""{"refused":["TypeError","TypeError","TypeError"],"own":1}""", value.GetRawText());
    }

    [Fact]
    public async Task Half_a_character_goes_out_as_unreadable()
    {
        var result = await engine.Run("""
            export default () => {
              console.log('a\ud800');
              return { half: '\ud83d', whole: '\ud83d\ude00', spelt: '\\ud800', ['k\udc00']: 1 };
            };
            """);

        Assert.Equal(("\uFFFD", "\U0001F600", "\\ud800"), (Text("half"), Text("whole"), Text("spelt")));
        Assert.Equal(1, result.Value!.Value.GetProperty("k\uFFFD").GetInt32());
        Assert.Equal("a\uFFFD", Assert.Single(result.Logs).Text);

        string? Text(string name) => result.Value!.Value.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_run_that_says_nothing_gives_an_empty_object()
    {
        Assert.Equal("{}", (await engine.Value("export default () => {}")).GetRawText());
    }

    [Fact]
    public async Task Parameters_beyond_their_limit_are_refused()
    {
        var result = await engine.Run("export default () => ({})", new { text = new string('x', AgentRuntime.ParamsBytesMax) });

        Assert.Equal(JsOutcome.Failed, result.Outcome);
        Assert.Equal(JsonValueKind.Undefined, result.Value.GetValueOrDefault().ValueKind);
    }
}
