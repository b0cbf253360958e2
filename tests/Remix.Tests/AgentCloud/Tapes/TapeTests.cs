using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Settings;
using Remix.Tests.AgentCloud.Packages;
using Remix.Tests.Support;
using Record = Remix.AgentCloud.Records.Record;

namespace Remix.Tests.AgentCloud.Tapes;

public class TapeTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task A_tape_exported_imported_and_exported_again_is_the_same_to_the_byte()
    {
        var workspace = await Filled(cloud.World, cloud.Alice);
        var tape = await Export(cloud.Alice, workspace);
        var copy = cloud.World.FreshName("copy");
        var made = (await cloud.Bob.Post($"/ws-import?ws={copy}", Body(tape))).Ok(201);
        Assert.Equal((copy, "bob"), (made.String("name"), made.String("owner")));
        Assert.Equal(tape, await Export(cloud.Bob, copy));
        Assert.Equal(tape, await Export(cloud.Bob, copy));
        Assert.Equal("<h1>shop</h1>", (await cloud.Nobody.Get($"/v1/ws/{copy}/app/shop/files/public/index.html")).Ok().Text);
        Assert.Contains((await cloud.Bob.Get($"/v1/ws/{copy}/permissions")).Ok()["permissions"].EnumerateArray(),
            grant => grant.GetProperty("subject").GetString() == "all-users");
        Assert.Equal(await History(workspace), await History(copy));
        Assert.Equal(1, (await cloud.Bob.Post($"/count-activities/{copy}", new { activity = "import_workspace" })).Ok().Number("count"));
    }

    [Fact]
    public async Task An_empty_workspace_is_a_tape_too()
    {
        var tape = await Export(cloud.Alice, await cloud.NewWorkspace());
        foreach (var word in new[] { "ws", "id" })
        {
            var copy = cloud.World.FreshName("copy");
            Assert.Equal(copy, (await cloud.Alice.Post($"/v1/ws-import?{word}={copy}", Body(tape))).Ok(201).String("name"));
            Assert.Equal(tape, await Export(cloud.Alice, copy));
        }
    }

    [Fact]
    public async Task What_is_as_deep_as_it_may_be_travels_too()
    {
        var workspace = await Filled(cloud.World, cloud.Alice);
        var query = string.Concat(Enumerable.Repeat("(a == 1 or (a == 2 and ", 15)) + "a == 3" + new string(')', 30);
        (await cloud.Alice.Post($"/query/{workspace}/shop", new { name = "deep", ast = $"({query} or ({query}))" })).Ok(201);
        var nots = Nested("[\"not\",", "[\"exists\",\"a\"]", "]", 61);
        (await cloud.Alice.Post($"/query/{workspace}/shop", Actor.Json($$"""{"name":"nots","ast":{{nots}}}"""))).Ok(201);
        using var file = new FormUrlEncodedContent([new("path", "/far"), new("reg_url", "https://example.org/x"),
            new("reg_metadata", Nested("{\"a\":", "1", "}", 63))]);
        (await cloud.Alice.Post($"/v1/ws/{workspace}/app/shop/file-manager/register", file)).Ok(201);
        using var deeper = new FormUrlEncodedContent([new("path", "/farther"), new("reg_url", "https://example.org/x"),
            new("reg_metadata", Nested("{\"a\":", "1", "}", 64))]);
        (await cloud.Alice.Post($"/v1/ws/{workspace}/app/shop/file-manager/register", deeper)).InvalidForCloud("reg_metadata");

        var tape = await Export(cloud.Alice, workspace);
        var copy = cloud.World.FreshName("copy");
        (await cloud.Alice.Post($"/ws-import?ws={copy}", Body(tape))).Ok(201);
        Assert.Equal(tape, await Export(cloud.Alice, copy));

        static string Nested(string open, string core, string close, int times) =>
            string.Concat(Enumerable.Repeat(open, times)) + core + string.Concat(Enumerable.Repeat(close, times));
    }

    [Fact]
    public async Task A_tape_holds_the_history_and_no_secret()
    {
        var workspace = await Filled(cloud.World, cloud.Alice);
        using var zip = new ZipArchive(new MemoryStream(await Export(cloud.Alice, workspace)));
        Assert.Equal(["apps/shop/appMeta.json", "apps/shop/filesets/default/fsMeta.json", "apps/shop/filesets/default/root/code/hello.js",
            "apps/shop/filesets/default/root/code/hello.json", "apps/shop/filesets/default/root/public/index.html", "apps/shop/history.ndjson",
            "apps/shop/queries.json", "apps/shop/recordsets/default/records.json", "apps/shop/recordsets/default/rsMeta.json",
            "apps/shop/recordsets/goods/records.json", "apps/shop/recordsets/goods/rsMeta.json", "checksums.json", "mastertape.json",
                "permissions.json"],
            zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        using var reader = new StreamReader(zip.GetEntry("apps/shop/history.ndjson")!.Open());
        Assert.Equal(5, (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task An_existing_name_is_taken_and_only_who_may_export_does()
    {
        var workspace = await Filled(cloud.World, cloud.Alice);
        var tape = await Export(cloud.Alice, workspace);
        foreach (var query in new[] { "", $"?ws={workspace}" })
        {
            var refused = (await cloud.Alice.Post($"/ws-import{query}", Body(tape))).RefusedByCloud(409, "WORKSPACE_EXISTS");
            Assert.Contains("?ws=NAME", refused.String("hint"), StringComparison.Ordinal);
        }

        (await cloud.Alice.Post($"/ws-clone/{workspace}?ws={workspace}")).RefusedByCloud(409, "WORKSPACE_EXISTS");
        (await cloud.Carol.Get($"/ws-export/{workspace}")).RefusedByCloud(403, "PERMISSION_DENIED");
        (await cloud.Nobody.Post("/ws-import", Body(tape))).RefusedByCloud(401, "TOKEN_MISSING");
        (await cloud.Alice.Post("/ws-import?ws=a%20b", Body(tape))).InvalidForCloud("ws");
        (await cloud.Alice.Post("/v1/ws-import", new { url = "http://127.0.0.1:1/v1/ws/x/export" })).InvalidForCloud("url");
        (await cloud.Alice.Post("/v1/ws-import", new { url = "https://example.org" })).InvalidForCloud("id");
    }

    [Fact]
    public async Task A_clone_is_another_workspace_with_the_same_content()
    {
        var workspace = await Filled(cloud.World, cloud.Alice);
        var clone = (await cloud.Alice.Post($"/ws-clone/{workspace}?dest_ws={cloud.World.FreshName("clone")}")).Ok(201).String("name");
        Assert.Equal(await Export(cloud.Alice, workspace), await Export(cloud.Alice, clone));
        Assert.Matches("^[a-z0-9]{10}$", (await cloud.Alice.Post($"/ws-clone/{workspace}")).Ok(201).String("name"));
    }

    [Fact]
    public async Task Any_damage_is_found_and_nothing_is_made()
    {
        var workspace = await Filled(cloud.World, cloud.Alice);
        var tape = await Export(cloud.Alice, workspace);
        var stored = await Stored();
        foreach (var bad in Damages(tape))
        {
            var name = cloud.World.FreshName("bad");
            var refused = await cloud.Alice.Post($"/ws-import?ws={name}", Body(bad));
            Assert.Equal((400, "BAD_MASTERTAPE"), (refused.Status, refused.String("code")));
            (await cloud.Alice.Get($"/v1/ws/{name}")).RefusedByCloud(404, "NOT_FOUND");
        }

        Assert.Equal(stored, await Stored());
    }

    [Fact]
    public async Task A_workspace_travels_between_servers_either_way()
    {
        await using var other = await World.Start(settings =>
            settings with { AllowPrivateHosts = new PrivateHosts([], [new IPNetwork(IPAddress.Loopback, 32)]) });
        var there = other.OnCloud(other.Alice);
        var workspace = await Filled(other, there);
        var tape = await Export(there, workspace);
        var pulled = (await there.Post("/v1/ws-import", new
        {
            url = other.Cloud.BaseUrl,
            id = workspace,
            ws = "pulled",
            token = other.Alice.Token
        })).Ok(201);
        Assert.Equal("pulled", pulled.String("name"));
        var sent = (await there.Post($"/v1/ws/{workspace}/export",
            new { url = cloud.World.Cloud.BaseUrl + "/v1/ws-import", ws = "sent", token = cloud.World.Alice.Token })).Ok();
        Assert.Equal("sent", sent.String("name"));
        Assert.Equal(tape, await Export(cloud.Alice, "sent"));
        (await there.Post($"/ws-clone/{workspace}", new { ws = "cloned", url = cloud.World.Cloud.BaseUrl, token = cloud.World.Alice.Token })).Ok();
        Assert.Equal(tape, await Export(cloud.Alice, "cloned"));
        var again = new { ws = "cloned", url = cloud.World.Cloud.BaseUrl, token = cloud.World.Alice.Token };
        (await there.Post($"/ws-clone/{workspace}", again)).RefusedByCloud(409, "URL_CONFLICT");
        var refused = (await there.Post($"/ws-clone/{workspace}", again with { token = "nonsense" })).RefusedByCloud(502, "URL_FAILED");
        Assert.EndsWith("answered 401: This token is not known here", refused.String("message"), StringComparison.Ordinal);

        // A token is better kept out of addresses: what the query does not say, the body does.
        using var body = new FormUrlEncodedContent([new("url", again.url), new("token", again.token)]);
        Assert.Equal("both", (await there.Post($"/ws-clone/{workspace}?ws=both", body)).Ok().String("name"));
        Assert.Equal(tape, await Export(cloud.Alice, "both"));
    }

    [Fact]
    public async Task Who_sends_a_large_file_reads_why_it_is_refused_and_goes_on()
    {
        var workspace = await Filled(cloud.World, cloud.Alice);
        var large = new byte[3_000_000];
        for (var i = 0; i < 3; i++)
        {
            (await cloud.Alice.Post($"/ws-import?ws={workspace}", Body(large))).RefusedByCloud(409, "WORKSPACE_EXISTS");
            (await cloud.Alice.Post("/install-remix-file/none", Body(large))).RefusedByCloud(404, "NOT_FOUND");
            (await cloud.Nobody.Post("/ws-import", Body(large))).RefusedByCloud(401, "TOKEN_MISSING");
        }
    }

    private static IEnumerable<byte[]> Damages(byte[] tape)
    {
        foreach (var at in new[] { 50, tape.AsSpan().IndexOf("<h1>"u8), tape.AsSpan().IndexOf("\"rev\""u8), tape.Length - 60 })
        {
            var copy = tape.ToArray();
            copy[at] ^= 0x55;
            yield return copy;
        }

        yield return tape[..(tape.Length / 2)];
        yield return Packed.Shop().Bytes();
        yield return Rewritten(tape, "mastertape.json", "\"version\":1", "\"version\":2");
        yield return Rewritten(tape, "apps/shop/history.ndjson", "\"rev\":1", "\"rev\":7");
        yield return Rewritten(tape, "permissions.json", "[", "[null,");
        yield return Rewritten(tape, "apps/shop/queries.json", "[{", "[null,{");
        yield return Rewritten(tape, "apps/shop/queries.json", "\"ast\":", "\"tsa\":");
        yield return Rewritten(tape, "apps/shop/queries.json", "\"created_at\":", "\"created_at\":9000");
        yield return Rewritten(tape, "apps/shop/filesets/default/fsMeta.json", "[{", "[null,{");
    }

    /// <summary>A change of which the checksums know, and which still is none that an export makes.</summary>
    private static byte[] Rewritten(byte[] tape, string name, string from, string to)
    {
        using var copy = new MemoryStream();
        copy.Write(tape);
        using (var zip = new ZipArchive(copy, ZipArchiveMode.Update, leaveOpen: true))
        {
            var before = Text(zip, name);
            var after = before.Replace(from, to, StringComparison.Ordinal);
            var sums = Text(zip, "checksums.json").Replace(Sum(before), Sum(after), StringComparison.Ordinal);
            foreach (var (entry, text) in new[] { (name, after), ("checksums.json", sums) })
            {
                zip.GetEntry(entry)!.Delete();
                using var writer = new StreamWriter(zip.CreateEntry(entry).Open(), new UTF8Encoding(false));
                writer.Write(text);
            }
        }

        return copy.ToArray();
    }

    private static string Text(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static string Sum(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A workspace with an app, versions of a record, a deleted one, a query and a permission.</summary>
    private static async Task<string> Filled(World world, Actor alice)
    {
        var name = (await alice.Post("/ws", new { name = world.FreshName("ws") })).Ok(201).String("name");
        (await alice.Post($"/install-remix-file/{name}", Body(Packed.Shop().Bytes()))).Ok();
        (await alice.Post($"/query/{name}/shop", new { name = "cheap", ast = "price < 5" })).Ok(201);
        (await alice.Post($"/grant-permission/{name}", new { subject = "all-users", role = "runner", resource = "db/shop" })).Ok();
        var records = world.Services.GetRequiredService<RecordStore>();
        var id = (await world.Services.GetRequiredService<WorkspaceDirectory>().Find(name))!.Id;
        var record = (await records.Change(id, "shop", "alice", RecordChange.Save(Json("""{"n":1,"ü":"<&>"}""")))).Record.Id;
        await records.Change(id, "shop", "alice", RecordChange.Save(Json("""{"n":2.5e30}"""), record));
        await records.Change(id, "shop", "bob", RecordChange.Delete(new string('a', 32)));
        return name;
    }

    private async Task<IReadOnlyList<Record>> History(string workspace) => (await cloud.World.Services.GetRequiredService<RecordStore>().All(
        (await cloud.World.Services.GetRequiredService<WorkspaceDirectory>().Find(workspace))!.Id, "shop",
        new RecordScope(IncludeSuperseded: true, IncludeDeleted: true), 0, 1000)).Records;

    private async Task<int> Stored() => (await cloud.World.Services.GetRequiredService<WorkspaceData>().Stored()).Count;

    private static async Task<byte[]> Export(Actor who, string workspace) => (await who.Get($"/v1/ws/{workspace}/export")).Ok().Bytes;

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static ByteArrayContent Body(byte[] bytes) => Actor.Bytes(bytes, "application/octet-stream");
}
