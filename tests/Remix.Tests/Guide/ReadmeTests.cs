using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Remix.Tests.Support;

namespace Remix.Tests.Guide;

/// <summary>The examples that newcomers copy, executed as they are written. Only the server's address is another.</summary>
public sealed partial class ReadmeTests(World world) : IClassFixture<World>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("remix-guide-").FullName;

    [GeneratedRegex("^```sh\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks { get; }

    [GeneratedRegex("https?://[^\"\\s\\\\]+", RegexOptions.None, 1000)]
    private static partial Regex Addresses { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Every_curl_call_of_the_readme_succeeds_and_ends_with_a_page_in_the_feed()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var blocks = Blocks.Matches(readme).Select(block => block.Groups["code"].Value);
        var script = string.Concat(blocks.SkipWhile(code => !code.Contains("BASE=", StringComparison.Ordinal)));
        Assert.Contains("curl", script, StringComparison.Ordinal);

        var (code, said) = await Bash(script.Replace("http://localhost:4700", world.BaseUrl, StringComparison.Ordinal));
        Assert.True(code == 0, said);
        await Published(said, "ada");
    }

    [Fact]
    public async Task The_guide_that_agents_read_leads_to_a_published_creation()
    {
        foreach (var address in new[] { "/AGENTS.md", "/.well-known/agents.md" })
        {
            Assert.Equal((await world.Nobody.Get("/SKILL.md")).Ok().Text, (await world.Nobody.Get(address)).Ok().Text);
        }

        var guide = (await world.Nobody.Get("/SKILL.md")).Ok().Text;
        var (code, said) = await Bash(string.Concat(Blocks.Matches(guide).Select(block => block.Groups["code"].Value)));
        Assert.True(code == 0, said);
        var shown = (await world.Nobody.Get("/creations/feed?creator=grace")).Ok().Array().Single();
        Assert.Equal("Why leaves turn red", shown.Text("topic"));
        (await world.Visit(shown.Text("id"))).Ok();
    }

    [Fact]
    public async Task The_commands_on_the_page_about_creating_do_what_they_say()
    {
        var user = await world.NewUser();
        var page = (await world.Nobody.Get("/create", ("Cookie", "remix-token=" + user.Token))).Ok().Text;

        // What a reader would put in place of the dots: both tokens, the agent's being one that its owner can compute.
        var agentToken = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(user.Token), Encoding.UTF8.GetBytes($"{user.Name}/maker")));
        var token = Command("step-token").Replace("your token", user.Token, StringComparison.Ordinal);
        var curl = Command("step-curl");
        var (code, said) = await Bash($"{token}\n{Command("step-folder")}\n{curl}");
        Assert.True(code == 0, said);

        var made = (await user.Get($"/rooms/{user.Name}/first/creations")).Ok().Items.Single();
        Assert.NotEqual("rejected", made.Text("status"));

        string Command(string id) => WebUtility.HtmlDecode(Regex.Match(page, $"<pre id=\"{id}\"[^>]*><code>(?<text>.*?)</code>",
            RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["text"].Value);
    }

    private async Task Published(string said, string creator)
    {
        var shown = (await world.Nobody.Get($"/creations/feed?creator={creator}")).Ok().Array().Single();
        Assert.Equal(shown.Text("content_url"), Addresses.Matches(said)[^1].Value);
        Assert.InRange(shown.GetProperty("quality_score").GetInt32(), 60, 100);
        (await world.Visit(shown.Text("id"))).Ok();
        (await world.Nobody.Get($"/creations/{shown.Text("id")}/thumbnail.svg")).Ok();
    }

    /// <summary>
    /// Runs a script that ends at its first failure. A curl that is told of a refusal fails too, which it would not by itself.
    /// </summary>
    private async Task<(int Code, string Said)> Bash(string script)
    {
        const string strict = "set -euo pipefail\ncurl() { command curl --fail-with-body \"$@\"; }\n";
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", strict + script])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (said, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await bash.WaitForExitAsync(patience.Token);
        var trouble = await errors;
        return (bash.ExitCode, await said + (bash.ExitCode == 0 ? "" : trouble));
    }
}
