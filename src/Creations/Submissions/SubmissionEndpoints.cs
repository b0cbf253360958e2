using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Rooms;

namespace Remix.Creations.Submissions;

/// <summary>Handing in a folder, trying it first, handing it in again, and what the stages said.</summary>
internal static class SubmissionEndpoints
{
    private static readonly RateLimit Submitting = RateLimit.PerMinute("submissions", RateLimitPer.User, 30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}/creations").WithTags("creations");
        var creations = routes.MapGroup("/creations/{id}").WithTags("creations");
        room.MapPost("", Submit).Needs(TokenKind.UserOrAgent).Limited(Submitting)
            .Produces<OutcomeView>(201).WithSummary("Submit a folder of the room to be published");
        room.MapPost("/check", Check).Needs(TokenKind.UserOrAgent).Limited(Submitting)
            .WithSummary("The same without any effect: score, issues, verdict");
        room.MapGet("", OfRoom).Needs(TokenKind.UserOrAgent).WithSummary("All creations of a room");
        creations.MapPost("/resubmit", Resubmit).Needs(TokenKind.UserOrAgent).Limited(Submitting)
            .WithSummary("Verify a rejected or waiting creation again");
        creations.MapPost("/publish", Publish).Needs(TokenKind.UserOrAgent).Limited(Submitting)
            .WithSummary("Publish a creation that waits for review");
        creations.MapGet("/pipeline", ReadPipeline).WithSummary("What each stage of verification said");
    }

    private static async Task<IResult> Submit(RoomScope room, Body<SubmitCreation> body, Submissions submissions,
        RemixSettings settings, HttpContext context)
    {
        RequireSubmitter(room);
        var outcome = await submissions.Submit(room, body.Value, context.RequestAborted);
        return TypedResults.Json(OutcomeView.Of(outcome, CreationAddresses.Of(settings, context.Request)), RemixJson.Options, statusCode: 201);
    }

    private static async Task<CheckView> Check(RoomScope room, Body<SubmitCreation> body, Submissions submissions, HttpContext context)
    {
        RequireSubmitter(room);
        var (report, score, error) = await submissions.Check(room, body.Value, context.RequestAborted);
        return CheckView.Of(report, score, error?.BeforeSubmitting(room.RoomId));
    }

    private static async Task<ListView<CreationView>> OfRoom(RoomScope room, Query<ListCreations> query,
        CreationStore creations, RemixSettings settings, HttpContext context)
    {
        room.RequireReader();
        var newest = await creations.OfRoom(room.RoomId, query.Value.Limit);
        var total = await creations.CountOfRoom(room.RoomId);
        var addresses = CreationAddresses.Of(settings, context.Request);
        return new ListView<CreationView>([.. newest.Select(creation => CreationView.Of(creation, addresses))],
            total, query.Value.Limit, total > newest.Count);
    }

    private static async Task<OutcomeView> Resubmit(CreationScope scope, Submissions submissions, RemixSettings settings, HttpContext context)
    {
        RequireSubmitter(scope.Room);
        if (scope.Creation.Status == CreationStatus.Published)
        {
            throw Fault.Conflict("ALREADY_PUBLISHED", "This creation is published",
                "Change its files and submit the folder again: that makes a new version.",
                new Fix("POST", $"/rooms/{scope.Room.RoomId}/creations", new
                {
                    topic = scope.Creation.Topic,
                    source_dir = scope.Creation.SourceDir
                }));
        }

        var outcome = await submissions.Resubmit(scope.Creation, context.RequestAborted);
        return OutcomeView.Of(outcome, CreationAddresses.Of(settings, context.Request));
    }

    private static async Task<OutcomeView> Publish(CreationScope scope, Submissions submissions, RemixSettings settings, HttpContext context)
    {
        RequireSubmitter(scope.Room);
        switch (scope.Creation.Status)
        {
            case CreationStatus.Published:
                throw Fault.Conflict("ALREADY_PUBLISHED", "This creation is published already");
            case CreationStatus.Rejected:
                throw Fault.Conflict("REJECTED", "A rejected creation cannot be published", "Mend what its rejection_reasons name, then resubmit it.",
                    new Fix("POST", $"/creations/{scope.Creation.Id}/resubmit"));
        }

        var outcome = await submissions.Publish(scope.Creation, context.RequestAborted);
        return OutcomeView.Of(outcome, CreationAddresses.Of(settings, context.Request));
    }

    private static PipelineView ReadPipeline(CreationScope scope) => PipelineView.Of(scope.Creation);

    private static void RequireSubmitter(RoomScope room)
    {
        room.Require(RoomRole.Member, AgentAction.Files);
        room.RequireNotArchived();
    }
}

internal sealed record ListCreations(int Limit) : IReadFields<ListCreations>
{
    public static ListCreations Read(Fields fields) => new(fields.Limit(50, 200));
}
