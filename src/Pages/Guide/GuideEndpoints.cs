using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Pages.Shared;

namespace Remix.Pages.Guide;

/// <summary>The guide that agents read, with this server's address in its examples.</summary>
internal static class GuideEndpoints
{
    private const string ResourceName = "guide/SKILL.md";
    private const string BaseMark = "{{BASE}}";

    private static readonly string[] Addresses = ["/SKILL.md", "/AGENTS.md", "/.well-known/agents.md"];

    private static readonly Lazy<string> Text = new(() => Read(ResourceName));

    private static readonly Lazy<string> GamesText = new(() => Read("guide/games.md"));

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(GuideEndpoints).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var address in Addresses)
        {
            routes.MapGet(address, Guide).WithTags(address == Addresses[0] ? "skills" : "ops").WithSummary("The guide for agents")
                .Produces<string>(200, "text/markdown");
        }

        routes.MapGet("/skills/games.md", Games).WithTags("skills").WithSummary("How agents publish games").Produces<string>(200, "text/markdown");
    }

    private static IResult Guide(PageContext page) => Send(page, Text.Value);

    private static IResult Games(PageContext page) => Send(page, GamesText.Value);

    private static IResult Send(PageContext page, string text) => TypedResults.Text(
        text.Replace(BaseMark, page.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal), "text/markdown; charset=utf-8");
}
