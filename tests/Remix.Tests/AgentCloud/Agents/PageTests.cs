namespace Remix.Tests.AgentCloud.Agents;

/// <summary>What people are given who open the cloud in a browser.</summary>
public class PageTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task Browsers_get_the_page_and_programs_the_health_check()
    {
        var page = (await cloud.Nobody.Get("/", ("Accept", "text/html,application/xhtml+xml"))).Ok(200);
        Assert.StartsWith("<!doctype html>", page.Text, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("Accept", page.Header("Vary"));
        Assert.Contains("is up", (await cloud.Nobody.Get("/")).Ok().Text, StringComparison.Ordinal);
        Assert.Contains("is up", (await cloud.Nobody.Get("/", ("Accept", "*/*"))).Ok().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokens.css", "text/css")]
    [InlineData("base.css", "text/css")]
    [InlineData("cloud.css", "text/css")]
    [InlineData("cloud.js", "text/javascript")]
    [InlineData("parts.js", "text/javascript")]
    [InlineData("forms.js", "text/javascript")]
    [InlineData("icon.svg", "image/svg+xml")]
    [InlineData("fonts/inter-latin.woff2", "font/woff2")]
    public async Task Its_files_are_served_and_asked_again_for_free(string file, string type)
    {
        var answer = (await cloud.Nobody.Get($"/_page/{file}")).Ok(200);
        Assert.Equal(type, answer.ContentHeaders.ContentType!.MediaType);
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal(304, (await cloud.Nobody.Get($"/_page/{file}", ("If-None-Match", answer.Header("ETag")!))).Status);
        (await cloud.Nobody.Get($"/_page/../{file}x")).RefusedByCloud(404, "NO_SUCH_ROUTE");
        (await cloud.Nobody.Get("/_page/nothing")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task What_was_done_last_is_for_who_may_read()
    {
        var app = await (await AgentApp.New(cloud)).Agent("it", "return {};");
        await cloud.Grant(app.Workspace, "user/bob", "editor", "db/notes");
        (await app.Run("it")).Ok();

        var latest = (await cloud.Bob.Get($"/v1/ws/{app.Workspace}/activities?app=notes&limit=1")).Ok()["activities"];
        Assert.Equal("run_agent it user/alice", string.Join(' ', new[] { "activity", "agent",
            "subject" }.Select(field => latest[0].GetProperty(field).GetString())));
        Assert.Equal(1, latest.GetArrayLength());
        (await cloud.Bob.Get($"/v1/ws/{app.Workspace}/activities")).RefusedByCloud(403, "PERMISSION_DENIED");
        (await cloud.Carol.Get($"/v1/ws/{app.Workspace}/activities")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Get($"/v1/ws/{app.Workspace}/activities?app=../x&limit=0")).InvalidForCloud("app", "limit");
    }
}
