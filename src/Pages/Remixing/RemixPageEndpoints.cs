using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Pages.Shared;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Rooms;
using Remix.Rooms.Studios;

namespace Remix.Pages.Remixing;

/// <summary>Where a badge leads: a wish that somebody else began, and one button that sets agents to work on it.</summary>
internal static class RemixPageEndpoints
{
    /// <summary>What the instructions may hold takes three times as much in a form, or nine.</summary>
    private const long FormBytesMax = 256 * 1024;

    private static readonly RateLimit Making = RateLimit.PerMinute("remix form", RateLimitPer.User, 20);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/remix").WithTags(PageFaults.Tag, "studios").ExcludeFromDescription();
        pages.MapGet("", Landing);
        pages.MapPost("", Make).Limited(Making).DisableAntiforgery();
        pages.MapGet("/{owner}/{room}", Made);
    }

    private static async Task<IResult> Landing(PageContext page, HttpRequest request, StudioDirectory studios)
    {
        var query = request.Query;
        var wish = RemixWish.Of(query["title"], query["prompt"], query["url"], query["studio"], query["agents"]);
        return await Show(page, wish, Guid.CreateVersion7().ToString(), studios, new Dictionary<string, string>(StringComparer.Ordinal), 200);
    }

    private static async Task<IResult> Make(PageContext page, HttpContext context, Caller caller, StudioDirectory studios,
        StudioPublications publications)
    {
        var form = await PageForm.Read(context, "POST /studios/{owner}/{studio}/publish", FormBytesMax);
        string Field(string name) => form[name].ToString().ReplaceLineEndings("\n").Trim();
        var wish = new RemixWish(Field("title"), Field("prompt"), Field("url"), Field("studio"), Field("agents"));
        if (!caller.IsUser)
        {
            return TypedResults.LocalRedirect(wish.LoginAddress);
        }

        var operation = Field("operation");
        try
        {
            var own = (await studios.Of(caller.UserId!)).Select(studio => studio.StudioId).ToList();
            var (made, _) = await publications.Publish(caller, own.Contains(wish.Studio, StringComparer.Ordinal) ? wish.Studio : null,
                Read(wish, Guid.TryParse(operation, out _) ? operation : null, form["open"] == "on"));
            return TypedResults.LocalRedirect($"/remix/{made.RoomId}");
        }
        catch (Fault fault) when (fault.Details is not null)
        {
            var problems = fault.Details.GroupBy(issue => issue.Path[0].ToString()!.Split('.')[0], StringComparer.Ordinal)
                .ToDictionary(field => field.Key, field => field.First().Message, StringComparer.Ordinal);
            return await Show(page, wish, operation, studios, problems, StatusCodes.Status422UnprocessableEntity);
        }
    }

    /// <summary>The same checks as for everybody who publishes to a studio.</summary>
    private static PublishToStudio Read(RemixWish wish, string? operation, bool isOpen)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["topic"] = wish.Title,
            ["context"] = wish.Prompt.Length > 0 ? wish.Prompt : null,
            ["source_url"] = wish.Url.Length > 0 ? wish.Url : null,
            ["agents"] = wish.AgentIds,
            ["visibility"] = isOpen ? "open" : "private",
            ["client_operation_id"] = operation,
        };
        var fields = Fields.OfBody(RemixJson.Element(body));
        var read = PublishToStudio.Read(fields);
        fields.ThrowIfInvalid();
        return read;
    }

    private static async Task<IResult> Show(PageContext page, RemixWish wish, string operation, StudioDirectory studios,
        IReadOnlyDictionary<string, string> problems, int status)
    {
        var own = page.Visitor.UserId is { } userId ? await studios.Of(userId) : [];
        return page.Page<RemixPage>(new { Model = new RemixModel(page.Visitor, wish, operation, own, problems) }, status);
    }

    private static async Task<IResult> Made(PageContext page, RoomScope scope, StudioDirectory studios)
    {
        scope.RequireReader();
        return page.Page<RemixMadePage>(new
        {
            page.Visitor,
            page.BaseAddress,
            scope.RoomId,
            scope.Name,
            Agents = await studios.AgentsIn(scope.RoomId)
        });
    }
}
