using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Workspaces;
using Remix.Tests.Support;
using Record = Remix.AgentCloud.Records.Record;

namespace Remix.Tests.AgentCloud.Packages;

public class PackageTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    private const int UnixLink = unchecked((int)0xA1FF0000);

    [Fact]
    public async Task A_package_brings_records_files_and_agents()
    {
        var workspace = await cloud.NewWorkspace();
        var installed = (await Install(workspace, Packed.Shop())).Ok();
        Assert.True(installed["changed"].GetBoolean());
        Assert.Equal((2, 3), (installed["apps"][0].GetProperty("records_written").GetInt32(),
            installed["apps"][0].GetProperty("files_written").GetInt32()));
        Assert.Equal("<h1>shop</h1>", (await cloud.Nobody.Get($"/v1/ws/{workspace}/app/shop/files/public/index.html")).Ok().Text);
        Assert.Equal(["cup", "tea"], (await Records(workspace)).Select(record =>
            record.Show().GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(1, (await cloud.Alice.Post($"/count-activities/{workspace}", new { activity = "install_remix_file" })).Ok().Number("count"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    public async Task Installing_twice_changes_nothing(string updates)
    {
        var workspace = await cloud.NewWorkspace();
        (await Install(workspace, Packed.Shop(updates))).Ok();
        var before = await Records(workspace);
        var tape = (await cloud.Alice.Get($"/ws-export/{workspace}")).Ok().Bytes;
        var again = (await Install(workspace, Packed.Shop(updates))).Ok();
        Assert.False(again["changed"].GetBoolean());
        Assert.Equal(before, await Records(workspace));
        Assert.Equal(tape, (await cloud.Alice.Get($"/ws-export/{workspace}")).Ok().Bytes);
    }

    [Fact]
    public async Task An_agent_with_the_name_of_a_query_is_not_installed_and_a_query_may_stand_in_for_a_compiled_one()
    {
        var workspace = await cloud.NewWorkspace();
        (await cloud.Alice.Post($"/query/{workspace}/shop", new { name = "hello", ast = "count" })).Ok(201);
        (await Install(workspace, Packed.Shop())).RefusedByCloud(409, "NAME_TAKEN");
        Assert.Empty(await Records(workspace));

        (await Install(workspace, Packed.With().And("apps/shop/filesets/main/root/code/total.mix", "compiled"))).Ok();
        Assert.Equal("run_error", (await cloud.Alice.Post($"/run-agent/{workspace}/shop/total")).String("kind"));
        (await cloud.Alice.Post($"/query/{workspace}/shop", new { name = "total", ast = "count" })).Ok(201);
        Assert.Equal("0", (await cloud.Alice.Post($"/run-agent/{workspace}/shop/total")).Ok().Text);
    }

    /// <summary>As some editors write it.</summary>
    [Fact]
    public async Task A_byte_order_mark_before_JSON_says_nothing()
    {
        var workspace = await cloud.NewWorkspace();
        var package = Packed.With(manifest: "\uFEFF" + """{"version":"2.1","id":"pack-1","updates":"*","name":"shop"}""")
            .And("apps/shop/recordsets/goods/1.json", "\uFEFF" + """[{"name":"tea"}]""")
            .And("apps/shop/filesets/main/root/code/hello.js", "\uFEFFexport default async ({ who }) => ({ who });")
            .And("apps/shop/filesets/main/root/code/hello.json", "\uFEFF" + """{"inParams":[{"name":"who","type":"string","required":true}]}""");
        (await Install(workspace, package)).Ok();
        Assert.Single(await Records(workspace));
        (await cloud.Alice.Post($"/run-agent/{workspace}/shop/hello", new { })).InvalidForCloud("who");
        Assert.Equal("""{"who":"Ann"}""", (await cloud.Alice.Post($"/run-agent/{workspace}/shop/hello", new { who = "Ann" })).Ok().Text);
    }

    [Fact]
    public async Task What_a_package_updates_decides_what_becomes_of_what_is_there()
    {
        var workspace = await cloud.NewWorkspace();
        (await Install(workspace, Packed.Shop("**"))).RefusedByCloud(409, "APP_MISSING");
        (await Install(workspace, Packed.Shop("pack-1"))).RefusedByCloud(409, "APP_MISSING");
        (await Install(workspace, Packed.Shop())).Ok();
        (await Install(workspace, Packed.Shop("pack-2", "pack-2"))).RefusedByCloud(409, "PACKAGE_MISMATCH");
        (await Install(workspace, Packed.Shop("pack-1", "pack-1"))).Ok();
        await cloud.World.Services.GetRequiredService<RecordStore>().Change(await Id(workspace), "shop", "alice",
            RecordChange.Save(JsonDocument.Parse("""{"name":"own"}""").RootElement));
        (await Install(workspace, Packed.Shop("**"))).Ok();
        Assert.Equal(3, (await Records(workspace)).Count);
        Assert.True((await Install(workspace, Packed.Shop(""))).Ok()["apps"][0].GetProperty("replaced").GetBoolean());
        Assert.Equal(2, (await Records(workspace)).Count);
    }

    [Fact]
    public async Task A_package_comes_in_a_form_too_and_compiled_agents_are_left_out_by_name()
    {
        var workspace = await cloud.NewWorkspace();
        var package = Packed.Shop().And("apps/shop/filesets/main/root/code/old.mixc",
            "\u0001\u0002").And("apps/shop/filesets/main/root/code/old.json", "{}");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(package.Bytes()), "file", "shop.remix" } };
        var installed = (await cloud.Alice.Post($"/install-remix-file/{workspace}", form)).Ok();
        Assert.Equal(["old", "old"], installed["left_out"].EnumerateArray().Select(one => one.GetProperty("agent").GetString()!));
        (await cloud.Alice.Get($"/v1/ws/{workspace}/app/shop/file-manager/props?path=/code/old.mixc")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task To_run_a_compiled_agent_says_what_it_is(bool isDescribed)
    {
        var workspace = await cloud.NewWorkspace();
        var package = Packed.Shop("").And("apps/shop/filesets/main/root/code/old.mixc", "\u0001\u0002");
        if (isDescribed)
        {
            package.And("apps/shop/filesets/main/root/code/old.json", """{"name":"old","description":"From long ago"}""");
        }

        (await Install(workspace, package)).Ok();
        Assert.False((await Install(workspace, package)).Ok()["changed"].GetBoolean());
        var failed = await cloud.Alice.Post($"/run-agent/{workspace}/shop/old");
        Assert.Equal((500, "run_error"), (failed.Status, failed.String("kind")));
        Assert.Contains("compiled for another server", failed["run_error"].GetProperty("message").GetString(), StringComparison.Ordinal);
        (await cloud.Alice.Post($"/run-agent/{workspace}/shop/older")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task An_update_adds_to_what_the_app_says_of_itself()
    {
        var workspace = await cloud.NewWorkspace();
        (await Install(workspace, Packed.Shop())).Ok();
        (await Install(workspace, Packed.With().And("apps/shop/appMeta.json", """{"constants":{"size":3}}"""))).Ok();
        var tape = new MemoryStream((await cloud.Alice.Get($"/ws-export/{workspace}")).Ok().Bytes);
        using var zip = new System.IO.Compression.ZipArchive(tape);
        using var meta = JsonDocument.Parse(zip.GetEntry("apps/shop/appMeta.json")!.Open());
        Assert.Equal("""{"colour":"red","size":3}""", meta.RootElement.GetProperty("constants").GetRawText());
    }

    [Fact]
    public async Task Only_an_admin_of_the_workspace_installs()
    {
        var workspace = await cloud.NewWorkspace();
        await cloud.Grant(workspace, "user/bob", "editor", "workspace");
        (await cloud.Bob.Post($"/install-remix-file/{workspace}", Body(Packed.Shop().Bytes()))).RefusedByCloud(403, "PERMISSION_DENIED");
        (await cloud.Carol.Post($"/install-remix-file/{workspace}", Body(Packed.Shop().Bytes()))).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Post($"/install-remix-file/{workspace}", new { url = "http://127.0.0.1:9/x.remix" })).InvalidForCloud("url");
        var none = (await cloud.Alice.Post($"/install-remix-file/{workspace}", new { })).InvalidForCloud("url");
        Assert.Contains("in the field file of a form", none.String("message"), StringComparison.Ordinal);
    }

    public static TheoryData<string> BadPackages => [.. Bad.Keys];

    private static readonly Dictionary<string, Func<byte[]>> Bad = new(StringComparer.Ordinal)
    {
        ["traversal"] = () => Packed.Shop().And("apps/shop/filesets/main/root/../../../../x", "x").Bytes(),
        ["absolute"] = () => Packed.Shop().And("/etc/passwd", "x").Bytes(),
        ["backslash"] = () => Packed.Shop().And("apps\\shop\\x", "x").Bytes(),
        ["drive"] = () => Packed.Shop().And("C:/x", "x").Bytes(),
        ["NUL"] = () => Packed.Shop().And("apps/shop/filesets/main/root/a\0b", "x").Bytes(),
        ["escaped dots"] = () => Packed.Shop().And("apps/shop/filesets/main/root/%2e%2E/x", "x").Bytes(),
        ["wide dots"] = () => Packed.Shop().And("apps/shop/filesets/main/root/\uFF0E\uFF0E/x", "x").Bytes(),
        ["constants twice"] = () => Packed.With().And("apps/shop/appMeta.json", """{"constants":{"a":1,"a":2}}""").Bytes(),
        ["link"] = () => Packed.Shop().And("apps/shop/filesets/main/root/link", "/etc/passwd", UnixLink).Bytes(),
        ["bomb"] = () => Packed.Shop().And("apps/shop/filesets/main/root/zeros", new byte[20_000_000]).Bytes(),
        ["10,000 files"] = () => Enumerable.Range(0, 10_000).Aggregate(Packed.Shop(), (package, n) =>
            package.And($"apps/shop/filesets/main/root/{n}", "")).Bytes(),
        ["twice"] = () => Packed.Shop().And("apps/shop/appMeta.json", "{}").Bytes(),
        ["reserved app"] = () => Packed.Shop().And("apps/_rmx_x/appMeta.json", "{}").Bytes(),
        ["reserved file"] = () => Packed.Shop().And("apps/shop/filesets/main/root/_rmx_a", "x").Bytes(),
        ["reserved field"] = () => Packed.Shop().And("apps/shop/recordsets/goods/2.json", """[{"_rmx_evil":1}]""").Bytes(),
        ["bad app name"] = () => Packed.Shop().And("apps/a b/appMeta.json", "{}").Bytes(),
        ["bad recordset"] = () => Packed.Shop().And("apps/shop/recordsets/a b/1.json", "[]").Bytes(),
        ["bad record id"] = () => Packed.Shop().And("apps/shop/recordsets/goods/2.json", """[{"_rmx_id":"short"}]""").Bytes(),
        ["record twice"] = () =>
            Packed.Shop().And("apps/shop/recordsets/goods/2.json", """[{"_rmx_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]""").Bytes(),
        ["no array"] = () => Packed.Shop().And("apps/shop/recordsets/goods/2.json", "{}").Bytes(),
        ["no JSON"] = () => Packed.Shop().And("apps/shop/recordsets/goods/2.json", "[{").Bytes(),
        ["half a character"] = () => Packed.Shop().And("apps/shop/recordsets/goods/2.json", """[{"a":"\ud800"}]""").Bytes(),
        ["file and folder"] = () => Packed.Shop().And("apps/shop/filesets/main/root/public", "x").Bytes(),
        ["file in two sets"] = () => Packed.Shop().And("apps/shop/filesets/other/root/public/index.html", "x").Bytes(),
        ["stray file"] = () => Packed.Shop().And("readme.txt", "x").Bytes(),
        ["no app"] = () => Packed.With().Bytes(),
        ["no manifest"] = () => new Packed().And("apps/shop/appMeta.json", "{}").Bytes(),
        ["manifest is no JSON"] = () => Packed.With(manifest: "{").And("apps/shop/appMeta.json", "{}").Bytes(),
        ["manifest is a list"] = () => Packed.With(manifest: "[]").And("apps/shop/appMeta.json", "{}").Bytes(),
        ["another version"] = () => Packed.With(manifest: """{"version":"1.0","id":"x"}""").And("apps/shop/appMeta.json", "{}").Bytes(),
        ["no id"] = () => Packed.With(manifest: """{"version":"2.1"}""").And("apps/shop/appMeta.json", "{}").Bytes(),
        ["missing recordset"] = () =>
            Packed.With(manifest: """{"version":"2.1","id":"x","app":{"recordsets":["none"]}}""").And("apps/shop/appMeta.json", "{}").Bytes(),
        ["app is text"] = () => Packed.With(manifest: """{"version":"2.1","id":"x","app":"shop"}""").And("apps/shop/appMeta.json", "{}").Bytes(),
        ["truncated"] = () => Packed.Shop().Bytes()[..^40],
        ["cut in half"] = () => Packed.Shop().Bytes() is var bytes ? bytes[..(bytes.Length / 2)] : [],
        ["nothing"] = () => [],
        ["no ZIP"] = () => "PK, and no more"u8.ToArray(),
        ["damaged"] = () => Damaged(Packed.Shop().Bytes()),
    };

    [Theory]
    [MemberData(nameof(BadPackages))]
    public async Task A_bad_package_is_refused_with_what_is_wrong_and_changes_nothing(string what)
    {
        var workspace = await cloud.NewWorkspace();
        var refused = (await cloud.Alice.Post($"/install-remix-file/{workspace}", Body(Bad[what]()))).RefusedByCloud(400, "BAD_PACKAGE");
        Assert.NotEmpty(refused["details"].EnumerateArray());
        Assert.Empty((await cloud.Alice.Get($"/v1/ws/{workspace}")).Ok()["apps"].EnumerateArray());
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var workspace = await cloud.NewWorkspace();
        var package = Packed.With(manifest: """{"version":"9","updates":1}""")
            .And("apps/shop/recordsets/goods/1.json", "{}").And("apps/a b/x/y", "z");
        var refused = (await Install(workspace, package)).RefusedByCloud(400, "BAD_PACKAGE");
        Assert.True(refused["details"].GetArrayLength() >= 5, refused.ToString());
    }

    [Fact]
    public async Task A_package_is_generated_from_the_records_that_a_query_finds()
    {
        var (workspace, other) = (await cloud.NewWorkspace(), await cloud.NewWorkspace());
        (await Install(workspace, Packed.Shop())).Ok();
        var manager = $"/v1/ws/{workspace}/app/shop/file-manager/content";
        (await cloud.Alice.Send(HttpMethod.Put, $"{manager}?path=/src.remix", Body(Packed.Shop().Bytes()))).Ok(201);
        var wish = new { src = "/src.remix", dest = "/out.remix", query = "name == \"tea\"", overrides = new { shop = new { colour = "blue" } } };
        var made = (await cloud.Alice.Post($"/remixgen/{workspace}/shop", wish)).Ok();
        Assert.Equal(1, made.Number("records"));
        Assert.Equal(made["file"].GetProperty("sha256").GetString(),
            (await cloud.Alice.Post($"/remixgen/{workspace}/shop", wish)).Ok()["file"].GetProperty("sha256").GetString());
        var package = (await cloud.Alice.Get($"{manager}?path=/out.remix")).Ok().Bytes;
        (await cloud.Alice.Post($"/install-remix-file/{other}", Body(package))).Ok();
        Assert.Equal(["goods", "goods", "remixgen"], (await Records(other)).Select(record => record.Recordset).Order(StringComparer.Ordinal));
        (await cloud.Alice.Post($"/remixgen/{workspace}/shop",
            new { src = "/src.remix", url = "https://x.example/", dest = "no", query = "name ==", overrides = 1 }))
            .InvalidForCloud("src", "dest", "query", "overrides");
        (await cloud.Alice.Post($"/remixgen/{workspace}/shop", new { src = "/src.remix", dest = "/o", query = "name == $name" }))
            .InvalidForCloud("query");
        (await cloud.Alice.Post($"/remixgen/{workspace}/shop", new { src = "/src.remix", dest = "/o", overrides = new { none = new { a = 1 } } }))
            .InvalidForCloud("overrides.none");
    }

    private static byte[] Damaged(byte[] bytes)
    {
        // Well inside of the first entry's compressed bytes.
        bytes[60] ^= 0xFF;
        bytes[61] ^= 0xFF;
        return bytes;
    }

    private Task<Answer> Install(string workspace, Packed package) => cloud.Alice.Post($"/install-remix-file/{workspace}", Body(package.Bytes()));

    private static ByteArrayContent Body(byte[] bytes) => Actor.Bytes(bytes, "application/octet-stream");

    private async Task<string> Id(string workspace) =>
        (await cloud.World.Services.GetRequiredService<WorkspaceDirectory>().Find(workspace))!.Id;

    private async Task<IReadOnlyList<Record>> Records(string workspace) => (await cloud.World.Services.GetRequiredService<RecordStore>()
        .All(await Id(workspace), "shop", new RecordScope(), 0, 1000)).Records;
}
