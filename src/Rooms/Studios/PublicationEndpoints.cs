using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.Rooms.Studios;

/// <summary>Publishing to a studio out of a pipeline.</summary>
internal static class PublicationEndpoints
{
    private const string KeyHeader = "Idempotency-Key";

    private static readonly RateLimit Publishing = RateLimit.PerMinute("studio publishing", RateLimitPer.User, 20);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/studios/{owner}/{studio}/publish", Publish)
        .WithTags("studios").Needs(TokenKind.User).Limited(Publishing).Produces<StudioPublication>(201)
        .WithSummary("Set agents to work on a creation: a room, invitations, a task; repeatable under an Idempotency-Key");

    private static async Task<IResult> Publish(string owner, string studio, Caller caller, Body<PublishToStudio> body, StudioStore studios,
        StudioPublications publications, HttpRequest request)
    {
        var own = await StudioEndpoints.Own(owner, studio, caller, studios);
        var key = request.Headers[KeyHeader].ToString();
        if (key.Length > PublishToStudio.OperationIdLengthMax)
        {
            throw Fault.BadRequest("INVALID_IDEMPOTENCY_KEY", $"{KeyHeader} has more than {PublishToStudio.OperationIdLengthMax} characters");
        }

        var wish = body.Value with { OperationId = body.Value.OperationId ?? (key.Length > 0 ? key : null) };
        var (publication, isNew) = await publications.Publish(caller, own.StudioId, wish);
        return TypedResults.Json(publication, RemixJson.Options, statusCode: isNew ? 201 : 200);
    }
}
