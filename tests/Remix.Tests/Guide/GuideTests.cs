using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Pages.Guide;
using Remix.Platform.Limits;
using Remix.Tests.Support;

namespace Remix.Tests.Guide;

/// <summary>The pages that agents read: served as they should be, and true.</summary>
public sealed partial class GuideTests(World world) : IClassFixture<World>
{
    private const string Beginning = "skills/remix/SKILL.md";

    [GeneratedRegex(@"\]\((?<address>[^)#]+)(#(?<anchor>[^)]+))?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"`(?<method>GET|POST|PUT|PATCH|DELETE) (?<path>/[^\s`?]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Call { get; }

    private GuideLibrary Library => world.Services.GetRequiredService<GuideLibrary>();

    [Fact]
    public async Task Every_example_of_every_page_does_what_it_shows()
    {
        var user = await world.NewUser("ada");
        var engine = await world.NewAgent(user, "*", "engine");
        (await engine.Post("/rooms", new { room_id = "ada/lab", visibility = "open", invite = new[] { "bob/rover" } })).Ok(201);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["TOKEN"] = user.Token, ["AGENT_TOKEN"] = engine.Token };

        foreach (var page in Library.Pages.Where(page => page.Text.Contains("```sh", StringComparison.Ordinal)))
        {
            var folder = Directory.CreateTempSubdirectory("remix-examples-");
            var wrong = await Examples.Run((await world.Nobody.Get(page.Address)).Ok().Text, folder.FullName, variables);
            folder.Delete(recursive: true);
            Assert.True(wrong.Count == 0, $"{page.Path}: {string.Join('\n', wrong)}");
        }
    }

    [Fact]
    public async Task Each_page_is_Markdown_with_this_servers_address_and_can_be_kept()
    {
        string[] others = ["/SKILL.md", "/AGENTS.md", "/.well-known/agents.md", "/llms.txt", "/skills/"];
        foreach (var address in Library.Pages.Select(page => page.Address).Concat(others))
        {
            using var answer = await world.Http.GetAsync(new Uri(world.BaseUrl + address));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("text/markdown; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            var text = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<!-- also", text, StringComparison.Ordinal);
            var tag = answer.Headers.ETag!.ToString();
            Assert.Equal(304, (await world.Nobody.Get(address, ("If-None-Match", tag))).Status);

            using var head = await world.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, world.BaseUrl + address));
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(tag, head.Headers.ETag!.ToString());
        }
    }

    [Fact]
    public async Task The_helpers_are_the_ones_of_the_sdk()
    {
        foreach (var (name, folder) in new[] { ("crypto_helper.py", "sdk/python"), ("crypto_helper.mjs", "sdk/typescript") })
        {
            var served = (await world.Nobody.Get($"/skills/remix/references/{name}")).Ok().Text;
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, folder, name)), served);
        }
    }

    [Fact]
    public async Task Skills_are_listed_with_files_that_are_there()
    {
        var skills = (await world.Nobody.Get("/skills.json")).Ok()["skills"].EnumerateArray().ToList();
        Assert.Equal(["remix", "remix-creation", "remix-games", "remix-cloud"], skills.Select(skill => skill.GetProperty("id").GetString()));
        foreach (var file in skills.SelectMany(skill => skill.GetProperty("files").EnumerateArray()))
        {
            (await world.Nobody.Get(new Uri(file.GetProperty("url").GetString()!).AbsolutePath)).Ok();
        }

        Assert.Equal("remix", (await world.Nobody.Get("/skills/remix/info")).Ok().String("id"));
        Assert.Equal(404, (await world.Nobody.Get("/skills/nothing/info")).Status);
        Assert.Equal(404, (await world.Nobody.Get("/skills/nothing/SKILL.md")).Status);
        Assert.Equal(404, (await world.Nobody.Get("/skills/remix/../../appsettings.json")).Status);
    }

    [Fact]
    public void Every_link_leads_to_a_heading_that_is_there()
    {
        var sections = Library.Pages.SelectMany(HelpSection.Of).Select(section => section.Address).ToHashSet(StringComparer.Ordinal);
        var pages = Library.Pages.SelectMany(page => Library.OfSkill(page.Path.Split('/')[1])).Select(page => page.Address)
            .Append("/SKILL.md").ToHashSet(StringComparer.Ordinal);
        var links = Library.Pages.SelectMany(page => Link.Matches(page.Text)).Where(link => link.Groups["address"].Value.StartsWith('/'));
        Assert.All(links, link =>
        {
            var (address, anchor) = (link.Groups["address"].Value, link.Groups["anchor"]);
            Assert.Contains(address, pages);
            Assert.True(!anchor.Success || sections.Contains($"{(address == "/SKILL.md" ? $"/{Beginning}" : address)}#{anchor.Value}"), link.Value);
        });
    }

    [Fact]
    public void Every_call_that_is_named_exists()
    {
        var calls = ApiReference.Calls(world.Services.GetRequiredService<EndpointDataSource>())
            .Select(call => $"{call.Method} {Blank(call.Path)}").ToHashSet(StringComparer.Ordinal);
        var unknown = Library.Pages.SelectMany(page => Call.Matches(page.Body).Select(match => (page.Path, Method: match.Groups["method"].Value,
                Route: match.Groups["path"].Value)))
            .Where(named => !named.Route.StartsWith("/__remix/", StringComparison.Ordinal)
                && !calls.Any(call => Fits($"{named.Method} {named.Route}", call)));
        Assert.Empty(unknown);

        static string Blank(string path) => Regex.Replace(path, @"\{[^}]+\}", "{}", RegexOptions.None, TimeSpan.FromSeconds(1));

        static bool Fits(string named, string call)
        {
            var pattern = Regex.Escape(call).Replace(@"\{}/", "[^/]+/", StringComparison.Ordinal).Replace(@"\{}", ".+", StringComparison.Ordinal);
            return Regex.IsMatch(named, $"^{pattern}$", RegexOptions.None, TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void The_reference_names_every_route_and_the_guide_every_limit()
    {
        var routes = world.Services.GetRequiredService<EndpointDataSource>();
        var reference = Library.Find(GuideLibrary.ApiReferencePath)!.Text;
        Assert.All(ApiReference.Calls(routes), call => Assert.Contains($"`{call.Method} {call.Path}`", reference, StringComparison.Ordinal));

        var guide = Library.First.Text;
        var limits = ApiReference.Calls(routes).Select(call => call.Limit).OfType<RateLimit>();
        Assert.All(limits, limit => Assert.Contains($"| {limit.Name} |", guide, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_guide_names_every_kind_of_event()
    {
        var refused = (await world.Atlas.Post($"/rooms/{World.Lab}/webhooks", new { url = "https://example.com/hook", events = new[] { "none" } }))
            .Invalid("events");
        var kinds = refused.String("error").Split("Known: * | ")[1].Split(" | ");
        var page = Library.Find("skills/remix/events.md")!.Text;
        Assert.Contains("creation_feedback", kinds);
        Assert.All(kinds, kind => Assert.Contains($"`{kind}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_sizes_that_the_guide_names_are_those_that_hold()
    {
        Assert.Equal(400, (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = new string('x', 32_769) })).Status);
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = new string('x', 32_768) })).Ok();
        Assert.Equal(413, (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = new string('x', 65 * 1024) })).Status);
        Assert.Equal(400, (await Batch(51)).Status);
        (await Batch(50)).Ok();
        Assert.Equal(400, (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "x", mentions = Named(101) })).Status);
        Assert.Equal(400, (await world.Atlas.Post($"/rooms/{World.Lab}/invite", new { agents = Named(101) })).Status);
        Assert.Equal(400, (await world.Atlas.Post("/events/ack", new { ids = Enumerable.Range(1, 1001).Select(i => $"{i}") })).Status);

        Task<Answer> Batch(int count) => world.Atlas.Post($"/rooms/{World.Lab}/send-batch",
            new { messages = Enumerable.Range(0, count).Select(i => new { body = $"{i}" }) });

        static IEnumerable<string> Named(int count) => Enumerable.Range(0, count).Select(i => $"bob/agent-{i}");
    }
}
