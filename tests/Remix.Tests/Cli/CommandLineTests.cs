using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Remix.Tests.Support;

namespace Remix.Tests.Cli;

/// <summary>The built command line client, in a process of its own.</summary>
public sealed class CommandLineTests(World world) : IClassFixture<World>, IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("remix-cli-").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public async Task The_demo_ends_with_the_address_of_a_page_that_works()
    {
        var (code, said, _) = await Remix(["demo"], null);
        Assert.True(code == 0, said);
        var id = Regex.Match(said, "open: http://art-(?<id>[0-9a-f-]{36})", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["id"].Value;
        Assert.Contains("How far is far?", (await world.Visit(id)).Ok().Text, StringComparison.Ordinal);
        var shown = (await world.Nobody.Get($"/creations/{id}")).Ok();
        Assert.InRange(shown.Number("quality_score"), 90, 100);
        Assert.Equal(2, shown.List("agents").Count);
    }

    [Fact]
    public async Task A_folder_is_published_and_published_again_is_the_next_version()
    {
        var folder = Folder("ebb-and-flow", Making.Page, Making.Cover);
        await File.WriteAllTextAsync(Path.Combine(folder, "creation.json"),
            """{"description":"What the sea does twice a day, and why.","tags":["sea","moon"],"type":"article"}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "data.json"), "[1]");

        var (code, said, errors) = await Remix(["publish", folder]);
        Assert.True(code == 0, said + errors);
        var first = (await world.Nobody.Get("/creations/feed?creator=carol")).Array().Single();
        Assert.Equal(("Tides", "carol/ebb-and-flow"), (first.Text("topic"), first.Text("room_id")));
        Assert.Equal("creations/ebb-and-flow", first.Text("source_dir"));
        Assert.Contains(first.Text("content_url"), said, StringComparison.Ordinal);
        Assert.Equal("[1]", (await world.Visit(first.Text("id"), "/data.json")).Ok().Text);
        Assert.Equal(404, (await world.Visit(first.Text("id"), "/creation.json")).Status);

        (code, said, errors) = await Remix(["publish", folder, "--topic", "Ebb and flow", "--parent", first.Text("id")]);
        Assert.True(code == 0, said + errors);
        var second = (await world.Nobody.Get("/creations/feed?creator=carol")).Array().Single();
        Assert.Equal(("Ebb and flow", first.Text("id")), (second.Text("topic"), second.Text("parent_id")));
        Assert.Equal(2, second.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_remix_names_its_parent()
    {
        var parent = await world.Atlas.Publish(World.Lab);
        var folder = Folder("a-remix", Making.Page, Making.Cover);
        await File.WriteAllTextAsync(Path.Combine(folder, "creation.json"), $$"""{"parent_id":"{{parent.Id()}}"}""");
        var (code, said, errors) = await Remix(["publish", folder, "--topic", "A tide of my own"], world.Bob.Token);
        Assert.True(code == 0, said + errors);
        Assert.Equal(1, (await world.Nobody.Get($"/creations/{parent.Id()}")).Ok().Number("remix_count"));
        Assert.Equal(parent.Id(), (await world.Nobody.Get("/creations/s/a-tide-of-my-own")).Ok().String("parent_id"));
    }

    [Fact]
    public async Task A_check_uploads_and_shows_the_score_and_a_dry_run_sends_nothing()
    {
        var folder = Folder("rehearsed", Making.Page, Making.Cover);
        var (code, said, _) = await Remix(["publish", folder, "--dry-run"]);
        Assert.Equal(0, code);
        Assert.Contains("creations/rehearsed/index.html", said, StringComparison.Ordinal);
        Assert.Equal(404, (await world.Carol.Get("/rooms/carol/rehearsed")).Status);

        (code, said, _) = await Remix(["publish", folder, "--check"]);
        Assert.Equal(0, code);
        Assert.Matches("score: [0-9]+ of 100", said);
        Assert.Empty((await world.Carol.Get("/rooms/carol/rehearsed/creations")).Ok().Items);
        Assert.Equal(2, (await world.Carol.Get("/rooms/carol/rehearsed/files")).Ok().Items.Count);
    }

    [Fact]
    public async Task A_rejection_is_told_with_what_to_mend_and_ends_with_3()
    {
        var folder = Folder("rejected", "<!doctype html><script>alert('x')</script>", Making.Cover);
        var (code, said, errors) = await Remix(["publish", folder]);
        Assert.Equal(3, code);
        Assert.Contains("rejected", errors, StringComparison.Ordinal);
        var reason = (await world.Carol.Get("/rooms/carol/rejected/creations")).Ok().Items.Single().Text("id");
        var hint = (await world.Carol.Get($"/creations/{reason}/pipeline")).Ok().List("rejection_reasons")[0].Text("fix_hint");
        Assert.Contains(hint, said + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_review_ends_with_3_and_says_how_to_publish_it()
    {
        var (code, said, _) = await Remix(["publish", Folder("poor", Making.PoorPage, Making.Cover), "--topic", "x"]);
        Assert.Equal(3, code);
        Assert.Matches("POST /creations/[0-9a-f-]{36}/publish", said);
    }

    [Fact]
    public async Task Misuse_ends_with_2_and_says_what_would_be_right()
    {
        var folder = Folder("fine", Making.Page, Making.Cover);
        await Misused(["publish", folder], null, "remix login");
        await Misused(["publish", Path.Combine(home, "missing")], world.Carol.Token, "no folder");
        await Misused(["publish", Folder("empty", null, Making.Cover)], world.Carol.Token, "index.html");
        await Misused(["publish", folder, "--server", "http://localhost:1"], world.Carol.Token, "Nothing answers");
        await Misused(["publish", folder, "--server", "nonsense"], world.Carol.Token, "address");
        await Misused(["dance"], null, "dance");

        var (code, _, errors) = await Remix(["publish", folder], "wrong");
        Assert.Equal(1, code);
        Assert.Contains("TOKEN_UNKNOWN", errors, StringComparison.Ordinal);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_token_is_kept_where_only_its_owner_reads_it()
    {
        var (code, said, errors) = await Remix(["login", "-"], null, world.Rover.Token);
        Assert.True(code == 0, said + errors);
        Assert.Contains("bob/rover", said, StringComparison.Ordinal);
        var file = Path.Combine(home, "remix", "credentials.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains(world.Rover.Token, await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        (code, said, _) = await Remix(["status"], null);
        Assert.Equal(0, code);
        Assert.Contains("bob/rover (agent)", said, StringComparison.Ordinal);
        Assert.Contains("status: ready", said, StringComparison.Ordinal);

        (code, _, errors) = await Remix(["login", "wrong"], null);
        Assert.Equal(1, code);
        Assert.Contains("TOKEN_UNKNOWN", errors, StringComparison.Ordinal);
        Assert.Contains(world.Rover.Token, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_the_status_is_told_too() =>
        Assert.Contains("you: not logged in", (await Remix(["status"], null)).Said, StringComparison.Ordinal);

    private async Task Misused(string[] words, string? token, string help)
    {
        var (code, said, errors) = await Remix(words, token);
        Assert.True(code == 2, said + errors);
        Assert.Contains(help, said + errors, StringComparison.Ordinal);
    }

    private Task<(int Code, string Said, string Errors)> Remix(string[] words) => Remix(words, world.Carol.Token);

    private async Task<(int Code, string Said, string Errors)> Remix(string[] words, string? token, string? input = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "remix.dll"), .. words])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["REMIX_SERVER"] = world.BaseUrl, ["REMIX_TOKEN"] = token ?? "", ["XDG_CONFIG_HOME"] = home },
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await said, await errors);
    }

    private string Folder(string name, string? page, string cover)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, name)).FullName;
        if (page is not null)
        {
            File.WriteAllText(Path.Combine(folder, "index.html"), page);
        }

        File.WriteAllText(Path.Combine(folder, "cover.svg"), cover);
        return folder;
    }
}
