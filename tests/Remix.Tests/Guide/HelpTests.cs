using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Remix.Pages.Guide;
using Remix.Tests.Support;

namespace Remix.Tests.Guide;

/// <summary>Questions in words, as agents ask them.</summary>
public sealed partial class HelpTests(World world) : IClassFixture<World>
{
    /// <summary>Of a hundred.</summary>
    private const int RightMin = 90;

    /// <summary>Those whose refusals are answered in the platform's form, which the guide explains.</summary>
    private static readonly string[] Modules = ["Platform", "Identity", "Rooms", "Creations", "Social", "Feed", "Pages"];

    [GeneratedRegex(@"(new Fault\(\d+,|Fault\.\w+\()\s*""(?<code>[A-Z]+(_[A-Z]+)+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Refusal { get; }

    private HelpIndex Index => world.Services.GetRequiredService<HelpIndex>();

    /// <summary>Each line of questions.tsv is a question and the sections of which one must come first.</summary>
    [Fact]
    public void Nine_of_ten_questions_lead_to_the_right_section_first()
    {
        var questions = File.ReadLines(Path.Combine(Repository.Root, "tests/Remix.Tests/Guide/questions.tsv"))
            .Select(line => line.Split('\t')).Select(parts => (Question: parts[0], Section: parts[1])).ToList();
        Assert.True(questions.Count >= 100);
        var missed = questions.Where(asked => !asked.Section.Split('|').Contains(First(asked.Question), StringComparer.Ordinal))
            .Select(asked => $"{asked.Question}: {First(asked.Question)} instead of {asked.Section}").ToList();
        TestContext.Current.SendDiagnosticMessage(string.Join('\n', missed));
        Assert.True(missed.Count * 100 <= questions.Count * (100 - RightMin), string.Join('\n', missed));
    }

    /// <summary>An agent that was refused asks with what it holds: the code.</summary>
    [Fact]
    public void Every_code_of_a_refusal_leads_to_a_section_that_knows_it()
    {
        var codes = Modules
            .SelectMany(module => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", module), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Refusal.Matches(File.ReadAllText(file))).Select(match => match.Groups["code"].Value)
            .Distinct(StringComparer.Ordinal).ToList();
        Assert.True(codes.Count > 80);
        var unknown = codes.Where(code => Index.Find(code, 1).Found is not [var best, ..]
            || !best.Section.Also.Contains(code, StringComparison.Ordinal)).ToList();
        Assert.True(unknown.Count == 0, string.Join(' ', unknown));
    }

    [Theory]
    [InlineData("{\"error\":\"x\",\"statusCode\":403,\"code\":\"NOT_A_MEMBER\",\"request_id\":\"q7\"}", "rooms.md#join-ask-to-join-leave")]
    [InlineData("POST /rooms/zoe/attic/upload-url", "files.md#large-files-signed-addresses")]
    [InlineData("webhoooks", "webhooks.md#webhook-of-a-room")]
    public void What_is_pasted_or_mistyped_is_taken_as_it_is_meant(string question, string section) => Assert.Equal(section, First(question));

    [Fact]
    public async Task An_answer_says_where_it_stands_and_which_calls_it_names()
    {
        var answer = (await world.Nobody.Get("/help?q=upload+a+file")).Ok();
        Assert.Equal("upload a file", answer.String("query"));
        var found = answer["results"].EnumerateArray().First(result => result.GetProperty("title").GetString() == "Upload a file");
        Assert.Equal($"{world.BaseUrl}/skills/remix/files.md#upload-a-file", found.Text("url"));
        Assert.Equal("Files › Upload a file", found.Text("breadcrumb"));
        Assert.Contains(world.BaseUrl.Length > 0 ? "curl" : "", found.Text("excerpt"), StringComparison.Ordinal);
        Assert.Contains(found.GetProperty("calls").EnumerateArray(), call => call.Text("method") == "PUT"
            && call.Text("path") == "/rooms/{owner}/{room}/files/{path}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=")]
    [InlineData("?q=%20%20")]
    [InlineData("?q=%3F%21%00")]
    [InlineData("?q=zzzzqqqq")]
    [InlineData("?q=%F0%9F%A6%8A")]
    public async Task Who_asks_nothing_or_something_odd_is_shown_the_pages(string query)
    {
        var answer = await world.Nobody.Get($"/help{query}");
        if (answer.Status == 400)
        {
            Assert.Contains("%00", query, StringComparison.Ordinal);
            return;
        }

        Assert.True(answer.Ok()["results"].GetArrayLength() > 10);
        Assert.NotEmpty(answer.String("hint"));
    }

    [Fact]
    public async Task A_question_has_an_end_and_so_has_its_answer()
    {
        Assert.Equal(400, (await world.Nobody.Get($"/help?q={new string('x', 201)}")).Status);
        Assert.Equal(2, (await world.Nobody.Get("/help?q=send+message&limit=2")).Ok()["results"].GetArrayLength());
        Assert.Equal(JsonValueKind.True, (await world.Nobody.Get("/help?q=webscoket")).Ok()["fuzzy"].ValueKind);
    }

    private string First(string question) => Index.Find(question, 1).Found is [var best, ..]
        ? best.Section.Address.Replace("/skills/remix/", "", StringComparison.Ordinal).Replace("/skills/", "", StringComparison.Ordinal) : "nothing";
}
