using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Rooms;
using Remix.Rooms.Changes;

namespace Remix.Creations.Submissions;

/// <summary>What the person whose room it is says to a draft: again, yes, or no.</summary>
internal static class FeedbackEndpoints
{
    private const string MessageType = "feedback";

    private static readonly RateLimit Feedback = RateLimit.PerMinute("feedback", RateLimitPer.User, 30);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/rooms/{owner}/{room}/feedback", Give).WithTags("creations")
        .Needs(TokenKind.User).Limited(Feedback).WithSummary("Answer a draft: ask for a revision, approve it, or reject it and archive the room");

    private static async Task<FeedbackView> Give(RoomScope scope, Body<GiveFeedback> body, CreationStore creations, Submissions submissions,
        RoomKeeping keeping, RemixSettings settings, HttpContext context)
    {
        if (scope.Role != RoomRole.Admin)
        {
            throw Fault.Forbidden($"Only {scope.Owner}, the owner of {scope.RoomId}, can do this");
        }

        scope.RequireNotArchived();
        var (wish, draft) = (body.Value, await creations.Waiting(scope.RoomId));
        if (wish.Action == FeedbackAction.Approve && draft is null)
        {
            throw Fault.Conflict("NOTHING_WAITS", $"No creation in {scope.RoomId} waits for approval", "See what there is.",
                new Fix("GET", $"/rooms/{scope.RoomId}/creations"));
        }

        await creations.Answer(scope.RoomId, draft?.Id, wish, scope.Caller.Name);
        if (wish.Feedback is { } text)
        {
            await keeping.Say(scope, text, MessageType);
        }

        var outcome = default(OutcomeView);
        switch (wish.Action)
        {
            case FeedbackAction.Approve:
                outcome = OutcomeView.Of(await submissions.Publish(draft!, context.RequestAborted), CreationAddresses.Of(settings, context.Request));
                break;
            case FeedbackAction.Reject:
                await keeping.Archive(scope);
                break;
        }

        return new FeedbackView(true, scope.RoomId, wish.Action, draft?.Id, outcome);
    }
}

internal enum FeedbackAction
{
    Revise,
    Approve,
    Reject,
}

internal sealed record GiveFeedback(FeedbackAction Action, string? Feedback) : IReadFields<GiveFeedback>
{
    private const int LengthMax = 5_000;

    public static GiveFeedback Read(Fields fields)
    {
        fields.Required("action");
        var action = fields.Choice<FeedbackAction>("action") ?? FeedbackAction.Revise;
        var feedback = action == FeedbackAction.Revise ? fields.RequiredText("feedback", LengthMax) : fields.Text("feedback", LengthMax, 1);
        return new GiveFeedback(action, feedback);
    }
}

internal sealed record FeedbackView(bool Ok, string RoomId, FeedbackAction Action, Guid? CreationId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OutcomeView? Creation);
