using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Files;
using Remix.Platform.Blobs;
using Remix.Platform.Jobs;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Files;

public class FileManagerTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task A_file_that_was_put_comes_back_and_is_listed_with_its_folders()
    {
        var app = await NewApp();
        var made = (await Put(app, "/docs/a b.txt", "hello")).Ok(201);
        Assert.Equal(("persisted", 5L), (made.String("kind"), made.Number("size")));
        (await Put(app, "/top.json", "{}")).Ok(201);
        var got = (await cloud.Alice.Get($"{app}/file-manager/content?path=/docs/a%20b.txt")).Ok();
        Assert.Equal("hello", got.Text);
        Assert.Equal("text/plain; charset=utf-8", got.Header("Content-Type"));
        var root = (await cloud.Alice.Get($"{app}/file-manager/content?path=/")).Ok();
        Assert.Equal([("docs", "folder"), ("top.json", "persisted")], root["entries"].EnumerateArray()
            .Select(entry => (entry.GetProperty("name").GetString()!, entry.GetProperty("kind").GetString()!)));
        Assert.Equal("/docs/a b.txt", (await cloud.Alice.Get($"{app}/file-manager/content?path=/docs")).Ok()["entries"][0].GetProperty(
            "path").GetString());
        var first = (await cloud.Alice.Get($"{app}/file-manager/content?path=/&limit=1")).Ok();
        Assert.Equal("/docs", first.String("next"));
        Assert.Single((await cloud.Alice.Get($"{app}/file-manager/content?path=/&limit=1&after=/docs")).Ok()["entries"].EnumerateArray());
    }

    [Fact]
    public async Task A_file_is_created_over_another_by_force_only()
    {
        var app = await NewApp();
        (await Put(app, "/a.txt", "one")).Ok(201);
        (await Put(app, "/a.txt", "two")).RefusedByCloud(409, "FILE_EXISTS");
        using var refused = Form(("path", "/a.txt"), ("data", "two"));
        (await cloud.Alice.Post($"{app}/file-manager/content", refused)).RefusedByCloud(409, "FILE_EXISTS");
        Assert.Equal("one", (await cloud.Alice.Get($"{app}/file-manager/content?path=/a.txt")).Text);
        using var forced = Form(("path", "/a.txt"), ("force", "true"), ("data", "two"));
        (await cloud.Alice.Post($"{app}/file-manager/content", forced)).Ok(200);
        (await Put(app, "/a.txt", "three", "&force=true")).Ok(200);
        Assert.Equal("three", (await cloud.Alice.Get($"{app}/file-manager/content?path=/a.txt")).Text);
        (await Put(app, "/a.txt/b", "x")).RefusedByCloud(409, "PATH_IS_FILE");
        (await Put(app, "/f/b", "x")).Ok(201);
        (await Put(app, "/f", "x", "&force=true")).RefusedByCloud(409, "PATH_IS_FOLDER");
    }

    [Fact]
    public async Task Files_are_renamed_and_copied_but_never_onto_another()
    {
        var app = await NewApp();
        await Put(app, "/a", "a");
        await Put(app, "/b", "b");
        (await Patch(app, "/a", "/b")).RefusedByCloud(409, "FILE_EXISTS");
        (await Copy(app, new { src = "/a", path = "/b" })).RefusedByCloud(409, "FILE_EXISTS");
        (await Patch(app, "/a", "/sub/c")).Ok();
        (await Patch(app, "/sub", "/other")).RefusedByCloud(409, "PATH_IS_FOLDER");
        (await Copy(app, new { src = "/sub", path = "/other" })).RefusedByCloud(409, "PATH_IS_FOLDER");
        (await cloud.Alice.Get($"{app}/file-manager/props?path=/a")).RefusedByCloud(404, "NOT_FOUND");
        (await Copy(app, new { src = "/sub/c", path = "/d" })).Ok(201);
        var other = app[..app.LastIndexOf('/')] + "/other";
        (await Copy(other, new { src = "/d", src_app = "files", path = "/public/d" })).Ok(201);
        Assert.Equal("a", (await cloud.Nobody.Get($"{other}/files/public/d")).Ok().Text);
        (await Copy(app, new { src = "/nothing", path = "/e" })).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Delete($"{app}/file-manager/content?path=/d")).Ok();
        (await cloud.Alice.Delete($"{app}/file-manager/content?path=/d")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Delete($"{app}/file-manager/content?path=/sub")).RefusedByCloud(409, "PATH_IS_FOLDER");
    }

    [Fact]
    public async Task An_address_elsewhere_is_pointed_at_and_never_fetched()
    {
        var app = await NewApp();
        const string url = "https://example.org/a.png?x=1";
        var made = (await cloud.Alice.Post($"{app}/file-manager/register",
            new { path = "/public/a", reg_url = url, reg_metadata = new { w = 1 } })).Ok(201);
        Assert.Equal(("client", url, 1), (made.String("kind"), made.String("url"), made["metadata"].GetProperty("w").GetInt32()));
        foreach (var address in new[] { $"{app}/files/public/a", $"{app}/file-manager/content?path=/public/a" })
        {
            var sent = await cloud.Alice.Get(address);
            Assert.Equal((302, url), (sent.Status, sent.Header("Location")));
        }

        (await cloud.Alice.Post($"{app}/file-manager/register", new { path = "x", reg_url = "javascript:alert(1)", reg_metadata = 1 }))
            .InvalidForCloud("path", "reg_url", "reg_metadata");
    }

    [Fact]
    public async Task Public_files_are_served_to_anybody_and_run_nowhere()
    {
        var app = await NewApp();
        var html = (await Put(app, "/public/x.html", "<script>1</script>")).Ok(201);
        var got = (await cloud.Nobody.Get($"{app}/files/public/x.html")).Ok();
        Assert.Equal("text/html; charset=utf-8", got.Header("Content-Type"));
        Assert.Equal("sandbox; default-src 'none'", got.Header("Content-Security-Policy"));
        Assert.Equal("nosniff", got.Header("X-Content-Type-Options"));
        Assert.Equal($"\"{html.String("sha256")}\"", got.Header("ETag"));
        Assert.Equal(304, (await cloud.Nobody.Get($"{app}/files/public/x.html", ("If-None-Match", got.Header("ETag")!))).Status);
        var part = await cloud.Nobody.Get($"{app}/files/public/x.html", ("Range", "bytes=1-6"));
        Assert.Equal((206, "script"), (part.Status, part.Text));
        (await cloud.Nobody.Get($"{app}/files/public/none")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Nobody.Get("/v1/ws/no-such/app/x/files/public/none")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Other_files_are_served_at_the_address_that_was_signed_for_them()
    {
        var app = await NewApp();
        await Put(app, "/private/a.txt", "secret");
        await Put(app, "/private/b.txt", "other");
        (await cloud.Nobody.Get($"{app}/files/private/a.txt")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Carol.Get($"{app}/files/private/a.txt")).RefusedByCloud(404, "NOT_FOUND");
        Assert.Equal("secret", (await cloud.Alice.Get($"{app}/files/private/a.txt")).Ok().Text);
        var url = new Uri((await cloud.Alice.Get($"{app}/file-manager/props?path=/private/a.txt&expires_in=60")).Ok().String("url"));
        Assert.Equal("secret", (await cloud.Nobody.Get(url.PathAndQuery)).Ok().Text);
        (await cloud.Nobody.Get($"{app}/files/private/b.txt{url.Query}")).RefusedByCloud(403, "SIGNATURE_INVALID");
        (await cloud.Nobody.Get(url.PathAndQuery.Replace("expires=", "expires=9", StringComparison.Ordinal))).RefusedByCloud(403,
            "SIGNATURE_INVALID");
    }

    [Theory]
    [InlineData("/../etc/passwd")]
    [InlineData("/a/./b")]
    [InlineData("/a//b")]
    [InlineData("/a/")]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/a\\b")]
    [InlineData("/a\u0001b")]
    [InlineData("/a\0b")]
    [InlineData("/a%2Fb")]
    [InlineData("/x_rmx_y")]
    [InlineData("/ a")]
    public async Task A_path_that_leads_elsewhere_or_nowhere_is_refused(string path)
    {
        var app = await NewApp();
        Assert.Equal(400, (await Put(app, Uri.EscapeDataString(path), "x")).Status);
        (await cloud.Alice.Post($"{app}/file-manager/copy", new { src = "/fine", path })).InvalidForCloud("path");
    }

    [Fact]
    public async Task Long_and_deep_paths_are_refused()
    {
        var app = await NewApp();
        Assert.Equal(400, (await Put(app, "/" + new string('a', 256), "x")).Status);
        Assert.Equal(400, (await Put(app, string.Concat(Enumerable.Repeat("/a", 33)), "x")).Status);
        Assert.Equal(400, (await Put(app, string.Concat(Enumerable.Repeat("/" + new string('a', 100), 6)), "x")).Status);
        (await Put(app, "/" + new string('a', 255), "x")).Ok(201);
    }

    [Fact]
    public async Task Only_who_may_edit_the_app_manages_its_files()
    {
        var app = await NewApp();
        await Put(app, "/a", "a");
        var workspace = app.Split('/')[3];
        (await cloud.Bob.Get($"{app}/file-manager/content?path=/")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Nobody.Get($"{app}/file-manager/content?path=/")).RefusedByCloud(401, "TOKEN_MISSING");
        await cloud.Grant(workspace, "user/bob", "runner", "db/files");
        (await cloud.Bob.Get($"{app}/file-manager/content?path=/")).RefusedByCloud(403, "PERMISSION_DENIED");
        await cloud.Grant(workspace, "user/bob", "editor", "db/files");
        Assert.Equal("a", (await cloud.Bob.Get($"{app}/file-manager/content?path=/a")).Ok().Text);
        (await cloud.Bob.Post($"{app}/file-manager/copy", new { src = "/a", src_app = "secret", path = "/b" })).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task The_sweep_takes_what_no_workspace_names_and_nothing_else()
    {
        var app = await NewApp();
        var kept = (await Put(app, "/kept", "kept " + app)).Ok(201).String("sha256");
        var gone = (await Put(app, "/gone", "gone " + app)).Ok(201).String("sha256");
        (await cloud.Alice.Delete($"{app}/file-manager/content?path=/gone")).Ok();
        var blobs = cloud.World.Services.GetRequiredService<BlobStore>();
        foreach (var sha256 in new[] { kept, gone })
        {
            File.SetLastWriteTimeUtc(blobs.PathOf(sha256), DateTime.UtcNow.AddDays(-3));
        }

        await Sweep();
        Assert.True(blobs.Exists(kept) && blobs.Exists(gone));
        await cloud.World.Database.Write(async session => await session.Execute("update cloud_blobs set named_at = named_at - 200000000"));
        await Sweep();
        Assert.True(blobs.Exists(kept));
        Assert.False(blobs.Exists(gone));
        Assert.Equal("kept " + app, (await cloud.Alice.Get($"{app}/file-manager/content?path=/kept")).Ok().Text);
    }

    private async Task Sweep()
    {
        await cloud.World.Services.GetRequiredService<NamedBlobs>().Sweep(CancellationToken.None);
        await cloud.World.Services.GetServices<Job>().Single(job => job.Kind == "blob_sweep").Run(default, CancellationToken.None);
    }

    private async Task<string> NewApp() => $"/v1/ws/{await cloud.NewWorkspace()}/app/files";

    private Task<Answer> Put(string app, string path, string text, string more = "") => cloud.Alice.Send(HttpMethod.Put,
        $"{app}/file-manager/content?path={path.Replace(" ", "%20", StringComparison.Ordinal)}{more}",
            Actor.Bytes(Encoding.UTF8.GetBytes(text), null));

    private Task<Answer> Patch(string app, string path, string newPath) => cloud.Alice.Send(HttpMethod.Patch, $"{app}/file-manager/props",
        Actor.Json(new { path, change_path = newPath }));

    private Task<Answer> Copy(string app, object body) => cloud.Alice.Post($"{app}/file-manager/copy", body);

    private static MultipartFormDataContent Form(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        return form;
    }
}
