using Remix.Creations.Scan;

namespace Remix.Tests.Creations.Scan;

public class ScriptRulesTests
{
    [Theory]
    [InlineData("redirect", "window.location = 'https://a.example'")]
    [InlineData("redirect", "location.href = x")]
    [InlineData("redirect", "location = '/b'")]
    [InlineData("redirect", "location.href += '?a'")]
    [InlineData("redirect", "window['location']['href'] = x")]
    [InlineData("redirect", "document.location.assign(x)")]
    [InlineData("redirect", "self.location?.replace(x)")]
    [InlineData("redirect", "top.location.href = x")]
    [InlineData("redirect", "window.top.location = x")]
    [InlineData("redirect", "location.search = '?page=2'")]
    [InlineData("redirect", "location.assign.call(location, x)")]
    [InlineData("redirect", "window.open(x, '_self')")]
    [InlineData("redirect", "function f(a = location) { } location.replace(x)")]
    [InlineData("redirect", "function f(location) { } location = x")]
    [InlineData("redirect", "navigation.navigate('/x')")]
    [InlineData("cookie", "document.cookie = 'a=1'")]
    [InlineData("cookie", "const c = window.document.cookie.split(';')")]
    [InlineData("cookie", "document['coo\\x6bie']")]
    [InlineData("cookie", "document?.cookie")]
    [InlineData("cookie", "document[`cookie`]")]
    [InlineData("dialog", "alert('hi')")]
    [InlineData("dialog", "if (confirm('sure?')) go()")]
    [InlineData("dialog", "const name = window.prompt('name')")]
    [InlineData("dialog", "globalThis.alert?.(1)")]
    [InlineData("dialog", "self['alert'](1)")]
    [InlineData("dialog", "alert`hi`")]
    [InlineData("dialog", "alert.call(null, 1)")]
    [InlineData("dialog", "al\\u0065rt(1)")]
    [InlineData("dialog", "{ function alert() {} } function g() { alert(1) }")]
    [InlineData("dialog", "const shown = items.map(alert => alert.id); alert(shown)")]
    [InlineData("dialog", "const a = /'/; alert(1); const b = /'/")]
    [InlineData("dialog", "x = a / 2; alert(1); y = b / 2")]
    [InlineData("dialog", "x = y\n/alert(1)/g")]
    [InlineData("dialog", "`${alert(1)}`")]
    [InlineData("eval", "eval('1')")]
    [InlineData("eval", "(0, eval)('1')")]
    [InlineData("eval", "const run = eval; run('1')")]
    [InlineData("eval", "\\u0065val('1')")]
    [InlineData("eval", "window.eval('1')")]
    [InlineData("eval", "window[\"eval\"]('1')")]
    [InlineData("eval", "new Function('return 1')()")]
    [InlineData("eval", "Function('return this')()")]
    [InlineData("eval", "new window.Function('a', 'b')")]
    [InlineData("eval", "[].constructor.constructor('1')()")]
    [InlineData("eval", "setTimeout('tick()', 100)")]
    [InlineData("eval", "a\n<!-- hidden\neval('1')")]
    [InlineData("document_write", "document.write('<p>')")]
    [InlineData("document_write", "document.writeln(x)")]
    [InlineData("document_write", "window.document['write'](x)")]
    [InlineData("post_message", "parent.postMessage({}, '*')")]
    [InlineData("post_message", "window.parent.postMessage(1, '*')")]
    [InlineData("post_message", "top.postMessage(1)")]
    [InlineData("post_message", "window['top']['postMessage'](1)")]
    [InlineData("post_message", "const parent = window.parent; parent.postMessage(1)")]
    [InlineData("post_message", "window.parent.parent.postMessage(1)")]
    [InlineData("iframe", "document.createElement('iframe')")]
    [InlineData("iframe", "doc.createElement(\"IFRAME\")")]
    [InlineData("z_index", "el.style.zIndex = 1000")]
    [InlineData("z_index", "el.style.zIndex = '9999'")]
    [InlineData("z_index", "el.style['zIndex'] = 1e6")]
    [InlineData("z_index", "el.style.zIndex = 0xFFFF")]
    [InlineData("z_index", "el.style.setProperty('z-index', 100_000)")]
    [InlineData("external_script", "import('https://esm.sh/react')")]
    [InlineData("external_script", "importScripts('http://a.example/x.js')")]
    [InlineData("external_script", "import('//cdn.jsdelivr.net/x.js')")]
    [InlineData("external_script", "import('data:text/javascript,alert(1)')")]
    public void Forbidden_in_a_script(string category, string script) =>
        Assert.Equal([category], Subjects.Categories(Subjects.Script(script)));

    [Theory]
    [InlineData("if (location.hash === '#two') show(location.search)")]
    [InlineData("location.hash = '#two'; location.hash += 'x'")]
    [InlineData("location.hash.replace('#', '')")]
    [InlineData("location.reload()")]
    [InlineData("const here = window.location.href; x = location.pathname == '/'")]
    [InlineData("this.location = 'Lisbon'; city.location = { lat: 1 }; user.location.href = 1")]
    [InlineData("function place(location) { location = location || 'Lisbon'; location.href = 'x' }")]
    [InlineData("places.forEach(location => { location.host = 'x' })")]
    [InlineData("function f() { let city = 1, location = null; location = find() }")]
    [InlineData("for (const location of places) { location.port = 1 }")]
    [InlineData("const { location } = data; { location.href = 1 }")]
    [InlineData("function show({ name, location }) { location.search = name }")]
    [InlineData("history.pushState({}, '', '#a'); window.open('https://a.example', '_blank')")]
    [InlineData("const cookie = 'oatmeal'; jar.cookie = cookie; recipe['cookie']")]
    [InlineData("// document.cookie\n/* eval('x') alert(1) */ const s = \"eval('1')\"")]
    [InlineData("const text = `alert('hi') and document.write()`")]
    [InlineData("const pattern = /alert\\(|eval\\(|document.cookie/g")]
    [InlineData("ui.alert('x'); this.confirm(); toast.prompt?.('y')")]
    [InlineData("function alert(text) { box.textContent = text } alert('hi')")]
    [InlineData("const confirm = question => ask(question); if (confirm('x')) go()")]
    [InlineData("import { alert } from './ui.js'; alert('x')")]
    [InlineData("alert = text => show(text); alert('x')")]
    [InlineData("window.alert = text => show(text); alert('x')")]
    [InlineData("class Dialog { alert() {} confirm(a) { return a } static prompt() {} }")]
    [InlineData("const ui = { alert() {}, async confirm() {}, get prompt() { return 1 }, eval: 1 }")]
    [InlineData("async function ask(prompt) { return await prompt('x') }")]
    [InlineData("function f() { if (a) { var alert = show } alert('x') }")]
    [InlineData("math.eval('1+1'); parser.Function('x'); x instanceof Function; Function.prototype.bind")]
    [InlineData("evaluate(1); const evaluation = 1; retrieval()")]
    [InlineData("setTimeout(tick, 100); setTimeout(() => eventually(), 10)")]
    [InlineData("file.write('x'); document.body.append(x); stream.writeln('y')")]
    [InlineData("worker.postMessage(1); channel.port1.postMessage(2); node.parent.postMessage(3)")]
    [InlineData("const parent = node.parentElement; parent.append(x); top = 4")]
    [InlineData("document.createElement('canvas'); el.style.zIndex = 999; el.style.zIndex = '10'; x.zIndex > 1000")]
    [InlineData("import('./chart.js'); import('https://cdn.jsdelivr.net/npm/d3@7/+esm')")]
    [InlineData("window['ev' + 'al']('left to the Content-Security-Policy')")]
    [InlineData("const a = 1 // alert(1)\nconst b = 2")]
    [InlineData("x = y;\n/alert(1)/g")]
    [InlineData("<!-- alert(1)\nlet ok\n--> alert(2)")]
    public void Allowed_in_a_script(string script) => Assert.Empty(StaticScan.Run(Subjects.Script(script)).Violations);

    [Theory]
    [InlineData("import d3 from 'https://esm.sh/d3'", "external_script")]
    [InlineData("import 'https://a.example/x.js'", "external_script")]
    [InlineData("import { a, b as c } from \"http://unpkg.com/x\"", "external_script")]
    [InlineData("export * from 'https://unpkg.com@a.example/x.js'", "external_script")]
    [InlineData("a <!--b; alert(1)", "dialog")]
    [InlineData("import d3 from 'https://unpkg.com/d3'; import './a.js'; import x from 'bare'", null)]
    [InlineData("const from = 'https://a.example/'; copy(from, 'https://b.example')", null)]
    public void Modules(string script, string? category)
    {
        var inline = Subjects.Categories(Subjects.Page($"<script type=\"module\">{script}</script>"));
        Assert.Equal(category is null ? [] : [category], inline);
        Assert.Equal(inline, Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File("app.mjs", script))));
        Assert.Equal(inline, Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File("app.js", script))));
    }

    [Fact]
    public void A_finding_says_where_it_is_and_what_to_write_instead()
    {
        var html = "<h1>Tides</h1>\r\n<script>\r\n  const x = 1;\r\n  eval('x')\r\n</script>";
        var violation = Assert.Single(StaticScan.Run(Subjects.Page(html)).Violations);
        Assert.Equal("Forbidden: eval() in index.html:4", violation.Message);
        Assert.Equal(("static_scan", "eval", "index.html", 4, 3),
            (violation.Stage, violation.Category, violation.File, violation.Line, violation.Column));
        Assert.Contains("JSON.parse", violation.FixHint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worker_is_not_a_page() =>
        Assert.Empty(Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File("worker.js", "eval('1')"))));
}
