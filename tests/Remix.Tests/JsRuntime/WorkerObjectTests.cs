using System.Text.Json;
using Remix.JsRuntime;

namespace Remix.Tests.JsRuntime;

/// <summary>A worker's bucket does what R2 does.</summary>
public sealed class WorkerObjectTests : IAsyncLifetime
{
    private readonly Workshop shop = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Theory]
    [InlineData("""
        const put = await b.put('a/1', 'hello', { httpMetadata: { contentType: 'text/plain' }, customMetadata: { by: 'me' } });
        const got = await b.get('a/1');
        return [put.key, put.size, put.etag, await got.text(), got.httpMetadata.contentType, got.customMetadata.by, got.etag === put.etag];
        """, """["a/1",5,"5d41402abc4b2a76b9719d911017c592","hello","text/plain","me",true]""")]
    [InlineData("return [await b.get('none'), await b.head('none'), (await b.delete('none')) ?? null]", "[null,null,null]")]
    [InlineData("await b.put('k', new Uint8Array([1, 2, 3])); await b.put('k', new Uint8Array([4])); "
        + "return [...new Uint8Array(await (await b.get('k')).arrayBuffer())]", "[4]")]
    [InlineData("await b.put('r', '0123456789'); const t = async (range) => (await b.get('r', { range })).text(); "
        + "return [await t({ offset: 2, length: 3 }), await t({ suffix: 2 }), await t({ offset: 8 }), await t({ length: 1 }), "
        + "await t(new Headers({ range: 'bytes=1-2' }))]", """["234","89","89","0","12"]""")]
    [InlineData("await b.put('r', '0123'); return b.get('r', { range: { offset: 9 } }).then(() => 'came', "
        + "(e) => e.message.includes('10039'))", "true")]
    [InlineData("""
        const { etag } = await b.put('c', 'one');
        const kept = await b.put('c', 'two', { onlyIf: { etagDoesNotMatch: etag } });
        const changed = await b.put('c', 'three', { onlyIf: { etagMatches: etag } });
        const looked = await b.get('c', { onlyIf: { etagMatches: etag } });
        return [kept, changed.size, 'body' in looked && looked.body !== undefined, await (await b.get('c')).text()];
        """, """[null,5,false,"three"]""")]
    [InlineData("return b.put('d', 'x', { md5: '00000000000000000000000000000000' }).then(() => 'came', (e) => e.message.includes('10037'))", "true")]
    [InlineData("const o = await b.put('d', 'x', { sha256: await crypto.subtle.digest('SHA-256', new TextEncoder().encode('x')) }); "
        + "return new Uint8Array(o.checksums.sha256).length", "32")]
    [InlineData("await Promise.all(['x/1', 'x/2', 'x/y/1', 'x/y/2', 'z'].map((k) => b.put(k, k))); "
        + "const l = await b.list({ prefix: 'x/', delimiter: '/' }); return [l.objects.map((o) => o.key), l.delimitedPrefixes, l.truncated]",
        """[["x/1","x/2"],["x/y/"],false]""")]
    [InlineData("await Promise.all(['1', '2', '3'].map((k) => b.put(k, k, { customMetadata: { k } }))); "
        + "const l = await b.list({ limit: 2, include: ['customMetadata'] }); "
        + "const m = await b.list({ cursor: l.cursor }); return [l.objects.map((o) => o.customMetadata.k), l.truncated, "
        + "m.objects.map((o) => o.key), m.truncated]",
        """[["1","2"],true,["3"],false]""")]
    [InlineData("await Promise.all(['1', '2', '3'].map((k) => b.put(k, k))); await b.delete(['1', '3']); "
        + "return (await b.list()).objects.map((o) => o.key)",
        """["2"]""")]
    [InlineData("""
        const up = await b.createMultipartUpload('big', { customMetadata: { by: 'me' } });
        const parts = [await up.uploadPart(2, 'world'), await up.uploadPart(1, 'hello ')];
        const done = await up.complete(parts);
        const got = await b.get('big');
        return [await got.text(), got.customMetadata.by, done.size, done.etag.endsWith('-2'),
          await up.uploadPart(3, 'x').then(() => 'came', (e) => e.message.includes('10024'))];
        """, """["hello world","me",11,true,true]""")]
    [InlineData("const up = await b.createMultipartUpload('gone'); await up.uploadPart(1, 'x'); await up.abort(); "
        + "return [await b.get('gone'), await up.complete([{ partNumber: 1, etag: 'x' }]).then(() => 'came', "
        + "(e) => e.message.includes('10024'))]", "[null,true]")]
    [InlineData("return b.put('k'.repeat(1025), 'x').then(() => 'came', (e) => e.message.includes('10020'))", "true")]
    [InlineData("return b.put('m', 'x', { customMetadata: { a: 'x'.repeat(9000) } }).then(() => 'came', (e) => e.message.includes('10012'))", "true")]
    [InlineData("const big = new Uint8Array(3 << 20).fill(7); await b.put('é/ü ✓', big); "
        + "const got = new Uint8Array(await (await b.get('é/ü ✓')).arrayBuffer()); "
        + "return [got.length, got.every((n) => n === 7)]", "[3145728,true]")]
    public async Task An_operation_answers_as_it_does_there(string body, string expected)
    {
        var answer = await shop.Text(Storing(body));

        Assert.Equal(JsonDocument.Parse(expected).RootElement.GetRawText(), answer);
    }

    [Fact]
    public async Task Objects_outlive_the_process_and_are_nobody_elses()
    {
        await shop.Text(Storing("await b.put('k', 'kept'); return 1"));
        await shop.Restart();

        var reading = Storing("return (await (await b.get('k'))?.text()) ?? null");
        Assert.Equal("\"kept\"", await shop.Text(reading));
        Assert.Equal("null", await shop.Text(reading, tenant: "other"));
    }

    [Fact]
    public async Task What_was_replaced_or_deleted_leaves_no_bytes()
    {
        await shop.Text(Storing("await b.put('k', 'one'); await b.put('k', 'two'); await b.put('l', 'x'); await b.delete('l'); "
            + "await b.put('k', 'no', { onlyIf: { etagMatches: 'other' } }); return 1"));

        Assert.Single(Directory.EnumerateFiles(Path.Combine(shop.Data, "workers", "shop", "r2-FILES")));
    }

    private static WorkerCode Storing(string body) => Workshop.Code($$"""
        async function run(b) { {{body}} }
        export default { async fetch(request, env) {
          try { return Response.json(await run(env.FILES)); } catch (e) { return new Response(String(e.stack), { status: 500 }); }
        } };
        """, new WorkerBinding("FILES", WorkerBindingKind.R2));
}
