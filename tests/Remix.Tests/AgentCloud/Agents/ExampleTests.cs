using System.Diagnostics;
using System.Text.RegularExpressions;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>The commands of the reference, of the examples and of the author's guide, run in a shell as they are written.</summary>
public sealed class ExampleTests(CloudWorld cloud) : IClassFixture<CloudWorld>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("remix-examples-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_references_walk_through_works_as_it_is_written()
    {
        var workspace = cloud.World.FreshName("walk");

        var said = await Shell("""
            remix cloud new myapp
            echo 'export default async (params) => ({ got: params })' > myapp/code/myagent.js
            remix cloud pack myapp -o myapp.remix
            # Create workspace
            curl -H "$AUTH" "$URL/ws" -F name=ws1

            # Install .remix file
            curl -H "$AUTH" "$URL/install-remix-file/ws1" --data-binary @myapp.remix -H 'Content-type: application/octet-stream'

            # Grant anonymous access to an agent
            curl -H "$AUTH" "$URL/grant-permission/ws1" -F subject=anonymous -F resource=agent/myapp/myagent -F role=runner

            # Run an agent
            curl -H "$AUTH" "$URL/run-agent/ws1/myapp/myagent" -d '{"my": "arg"}'
            curl "$URL/run-agent/ws1/myapp/myagent" -d '{"my": "arg"}'
            """.Replace("ws1", workspace, StringComparison.Ordinal));

        Assert.Equal(2, Regex.Count(said, Regex.Escape("""{"got":{"my":"arg"}}"""), RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_new_app_packs_installs_and_runs_at_once()
    {
        var workspace = await cloud.NewWorkspace();

        await Shell("remix cloud new hello");
        var said = await Shell("cd hello\n" + Commands(Path.Combine(folder, "hello/README.md")).Replace("/WS",
            "/" + workspace, StringComparison.Ordinal));

        Assert.Contains("Hello, you!", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feedback", """{"_rmx_type":"{tag}case:ok","_rmx_value":{"stars":4,"text":"Good"}}""", """{"count":2,"average":3.5}""")]
    [InlineData("shortener", "https://example.com/a/long/way", "There is no nowhere")]
    [InlineData("survey", """{"counts":{"tea":1}}""", "data:{\"tea\":1}")]
    public async Task An_example_does_what_its_readme_says(string name, params string[] expected)
    {
        var workspace = await cloud.NewWorkspace();
        Directory.CreateSymbolicLink(Path.Combine(folder, "examples"), Path.Combine(Repository.Root, "examples"));

        var said = await Shell(Commands(Path.Combine(Repository.Root, "examples/cloud", name,
            "README.md")).Replace("ws1", workspace, StringComparison.Ordinal));

        Assert.All(expected, words => Assert.Contains(words, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_guides_commands_work()
    {
        var workspace = await cloud.NewWorkspace();

        var said = await Shell(Commands(Path.Combine(Repository.Root, "docs/cloud-agents-guide.md")).Replace("ws1",
            workspace, StringComparison.Ordinal));

        Assert.Contains("Hello, Ann!", said, StringComparison.Ordinal);
        Assert.Contains("\"text\":\"Hello, Bob!\",\"count\":2", said, StringComparison.Ordinal);
        Assert.Contains("greeting number 2", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_no_count_is_lost()
    {
        var workspace = await cloud.NewWorkspace();
        Directory.CreateSymbolicLink(Path.Combine(folder, "examples"), Path.Combine(Repository.Root, "examples"));
        await Shell($"""
            remix cloud pack examples/cloud/shortener -o shortener.remix
            curl -H "$AUTH" "$URL/install-remix-file/{workspace}" --data-binary @shortener.remix -H 'Content-type: application/octet-stream'
            """);
        var address = $"/run-agent/{workspace}/shortener";

        var names = await Task.WhenAll(Enumerable.Range(0, 6).Select(n =>
            cloud.Alice.Post($"{address}/shorten", new { url = $"https://example.com/{n}", name = "one" })));
        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cloud.Alice.Post($"{address}/resolve", new { name = "one" })));

        Assert.Equal(1, names.Count(answer => answer.Ok().Text.Contains("case:ok", StringComparison.Ordinal)));
        Assert.Equal([1, 2, 3, 4], asked.Select(answer => answer.Ok()["_rmx_value"].GetProperty("asked").GetInt32()).Order());
    }

    /// <summary>The commands in a document's shell blocks.</summary>
    private static string Commands(string document) => string.Join('\n', Regex.Matches(File.ReadAllText(document), "^```sh\n(?<block>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
        .Select(match => match.Groups["block"].Value));

    private async Task<string> Shell(string commands)
    {
        var cli = Path.Combine(AppContext.BaseDirectory, "remix.dll");
        var script = $$"""
            set -euo pipefail
            remix() { dotnet "{{cli}}" "$@"; }
            curl() { command curl -sS --fail-with-body "$@" && echo; }
            {{commands}}
            """;
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["URL"] = cloud.World.Cloud.BaseUrl;
        start.Environment["AUTH"] = $"Authorization: Bearer {cloud.World.Alice.Token}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{said}\n{await errors}");
        return said;
    }
}
