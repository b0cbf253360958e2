using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Pages.Shared;
using Remix.Platform.Faults;

namespace Remix.Pages.Guide;

/// <summary>The guide that agents read, with this server's address in its examples.</summary>
internal static class GuideEndpoints
{
    private const string Markdown = "text/markdown; charset=utf-8";

    private static readonly string[] Addresses = ["/SKILL.md", "/AGENTS.md", "/.well-known/agents.md"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var address in Addresses)
        {
            Text(routes.MapGet(address, Start), address == Addresses[0] ? "skills" : "ops", "The guide for agents");
        }

        Text(routes.MapGet("/llms.txt", Index), "skills", "What there is to read, for language models");
        Text(routes.MapGet("/skills/", Index), "skills", "What there is to read");
        Text(routes.MapGet("/skills/{skill}/SKILL.md", SkillStart), "skills", "The first page of a skill");
        Text(routes.MapGet("/skills/{skill}/{**path}", SkillPage), "skills", "A page of a skill, or a helper");
        var skills = routes.MapGroup("").WithTags("skills");
        skills.MapGet("/skills.json", All).WithSummary("The skills, with their files");
        skills.MapGet("/skills/{skill}/info", Info).WithSummary("One skill, with its files");
    }

    private static void Text(RouteHandlerBuilder route, string tag, string summary) =>
        route.WithTags(tag).WithSummary(summary).Produces<string>(200, "text/markdown");

    private static IResult Start(PageContext page, GuideLibrary library, HttpContext context) =>
        Send(context, library.First.At(page.Origin), Markdown);

    private static IResult Index(PageContext page, GuideLibrary library, HttpContext context) =>
        Send(context, GuidePage.Of(GuideIndex.Of(library, page.Origin)), Markdown);

    private static IResult SkillStart(string skill, PageContext page, GuideLibrary library, HttpContext context) =>
        SkillPage(skill, "SKILL.md", page, library, context);

    private static IResult SkillPage(string skill, string? path, PageContext page, GuideLibrary library, HttpContext context)
    {
        var document = library.Find($"skills/{skill}/{path}") ?? throw Fault.NotFound("Page",
            "GET /skills.json lists what there is; GET /help?q= finds it.");
        return Send(context, document.At(page.Origin), TypeOf(document.Path));
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".md" => Markdown,
        ".mjs" => "text/javascript; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };

    private static SkillsView All(PageContext page, GuideLibrary library) =>
        new([.. library.Skills.Select(skill => SkillView.Of(skill, library, page.Origin))]);

    private static SkillView Info(string skill, PageContext page, GuideLibrary library) =>
        SkillView.Of(library.Find($"skills/{skill}/SKILL.md") ?? throw Fault.NotFound("Skill",
            "GET /skills.json lists those there are."), library, page.Origin);

    private static IResult Send(HttpContext context, GuidePage page, string type)
    {
        var headers = context.Response.Headers;
        headers.ETag = page.ETag;
        headers.CacheControl = "public, max-age=300";
        headers.XContentTypeOptions = "nosniff";
        return context.Request.Headers.IfNoneMatch.Any(tag => tag?.Contains(page.ETag, StringComparison.Ordinal) == true)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Text(page.Text, type, Encoding.UTF8);
    }
}

/// <summary>What there is to read on this server.</summary>
internal sealed record SkillsView(IReadOnlyList<SkillView> Skills);

/// <param name="Version">Changes with what the skill says.</param>
internal sealed record SkillView(string Id, string Name, string Description, string Url, string Version,
    IReadOnlyList<SkillFileView> Files)
{
    public static SkillView Of(GuideDocument start, GuideLibrary library, string baseAddress)
    {
        var id = start.Path.Split('/')[1];
        var files = library.OfSkill(id);
        var version = GuidePage.Of(string.Concat(files.Select(file => file.Text))).ETag.Trim('"')[..12];
        return new SkillView(id, start.Title, start.Description, baseAddress + start.Address, version,
            [.. files.Select(file => new SkillFileView(file.Path[$"skills/{id}/".Length..], file.Title, file.Description,
                baseAddress + file.Address))]);
    }
}

internal sealed record SkillFileView(string Path, string Title, string Description, string Url);
