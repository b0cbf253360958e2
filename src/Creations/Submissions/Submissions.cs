using Remix.Creations.Serving;
using Remix.Platform.Faults;
using Remix.Rooms;
using Remix.Rooms.Files;

namespace Remix.Creations.Submissions;

/// <summary>From a folder of a room to a published version: check, then keep or publish.</summary>
internal sealed class Submissions(
    CreationStore creations, PublishedCreations published, RoomFiles files, RoomAgents agents, RoomStatuses statuses, Pipeline pipeline,
        Publisher publisher, TimeProvider clock)
{
    /// <summary>What came of a submission.</summary>
    public sealed record Outcome(Creation Creation, PipelineReport Report, PublishError? Error);

    /// <summary>Runs the stages and changes nothing.</summary>
    public async Task<(PipelineReport Report, int Score, PublishError? Error)> Check(RoomScope room, SubmitCreation wish, CancellationToken cancel)
    {
        await RequireParent(wish);
        var tree = await files.List(room.RoomId, Folder(wish.SourceDir), PublishError.FilesMax + 1);
        if (Obstacle(wish.SourceDir, tree) is { IsSize: true } sizes)
        {
            return (PipelineReport.None, 0, sizes);
        }

        var (report, score) = await pipeline.Run(wish, tree, cancel);
        return (report, score, Obstacle(wish.SourceDir, tree));
    }

    public async Task<Outcome> Submit(RoomScope room, SubmitCreation wish, CancellationToken cancel)
    {
        await RequireParent(wish);
        var members = await agents.Of(room.RoomId, Creation.AgentsMax);
        if (members.Count == 0)
        {
            throw Fault.Conflict("NO_AGENT_IN_ROOM", "No agent is a member of this room, so nobody made this", "Invite one first.",
                new Fix("POST", $"/rooms/{room.RoomId}/invite", new { agents = new[] { $"{room.Owner}/my-agent" } }));
        }

        var names = room.Caller.AgentId is { } submitter ? members.Where(agent => agent != submitter).Prepend(submitter) : members;
        var creation = CreationStore.New(room, wish, [.. names.Take(Creation.AgentsMax)], PipelineReport.None, 0, clock);
        return await Decide(creation, wish, force: false, cancel);
    }

    /// <summary>
    /// Submits what a person has looked at and approved: its score decides nothing, and where no agent is a member its owner
    /// made it.
    /// </summary>
    public async Task<Outcome> SubmitApproved(RoomScope room, SubmitCreation wish, CancellationToken cancel)
    {
        var members = await agents.Of(room.RoomId, Creation.AgentsMax);
        var creation = CreationStore.New(room, wish, members.Count > 0 ? [.. members] : [room.Owner], PipelineReport.None, 0, clock);
        return await Decide(creation, wish, force: true, cancel);
    }

    /// <summary>Verifies again what is in the folder now.</summary>
    public async Task<Outcome> Resubmit(Creation creation, CancellationToken cancel)
    {
        if (creation.Attempts >= Creation.AttemptsMax)
        {
            throw new Fault(429, "MAX_ATTEMPTS_EXCEEDED", $"This was submitted again {Creation.AttemptsMax} times; its rejection is final")
            {
                Hint = "Submit the folder as a new creation.",
                Fix = new Fix("POST", $"/rooms/{creation.RoomId}/creations", new { topic = creation.Topic, source_dir = creation.SourceDir }),
                Extra = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["max_attempts_exceeded"] = true,
                    ["attempts"] = creation.Attempts,
                    ["max_attempts"] = Creation.AttemptsMax,
                },
            };
        }

        creation.Attempts++;
        return await Decide(creation, WishOf(creation), force: false, cancel);
    }

    /// <summary>Publishes what waits, whatever its score; its content is verified again, since the folder may have changed.</summary>
    public Task<Outcome> Publish(Creation creation, CancellationToken cancel) => Decide(creation, WishOf(creation), force: true, cancel);

    /// <summary>What a creation is made from must be there to be seen.</summary>
    private async Task RequireParent(SubmitCreation wish)
    {
        if (wish.ParentId is { } parent && await published.Find(parent) is null)
        {
            throw Fault.Invalid("parent_id", $"No published creation has the id {parent}");
        }
    }

    private async Task<Outcome> Decide(Creation creation, SubmitCreation wish, bool force, CancellationToken cancel)
    {
        await statuses.Begin(creation.RoomId);
        var tree = await files.List(creation.RoomId, Folder(wish.SourceDir), PublishError.FilesMax + 1);
        if (Obstacle(wish.SourceDir, tree) is { } early && (early.IsSize || tree.Count == 0))
        {
            return await Keep(creation, PipelineReport.None, 0, early);
        }

        var (report, score) = await pipeline.Run(wish, tree, cancel);
        if (report.Reasons.Any() || (score < Creation.AutoPublishScore && !force))
        {
            return await Keep(creation, report, score, report.Reasons.Any() ? null : Obstacle(wish.SourceDir, tree));
        }

        var (site, error) = await publisher.Prepare(wish.SourceDir, tree, cancel);
        if (error is not null)
        {
            return await Keep(creation, report, score, error);
        }

        await creations.Publish(creation, report, score, site);
        return new Outcome(creation, report, null);
    }

    private async Task<Outcome> Keep(Creation creation, PipelineReport report, int score, PublishError? error)
    {
        var told = error?.Of(creation);
        await creations.Keep(creation, report, score, told);
        return told is { IsSize: true } ? throw told.TooLarge(creation) : new Outcome(creation, report, told);
    }

    private static PublishError? Obstacle(string sourceDir, IReadOnlyList<RoomFile> tree)
    {
        if (PublishError.OfSizes([.. tree.Select(file => (file.Path, file.Size))]) is { } sizes)
        {
            return sizes;
        }

        return tree.Count == 0 ? PublishError.SourceEmpty(sourceDir)
            : tree.Any(file => file.Path == (sourceDir == "." ? "" : sourceDir + "/") + Scan.ScanSubject.EntryPoint)
                ? null : PublishError.EntryPointMissing(sourceDir);
    }

    private static string Folder(string sourceDir) => sourceDir == "." ? "" : sourceDir;

    private static SubmitCreation WishOf(Creation creation) => new(creation.Topic, creation.Description,
        creation.Type, creation.Tags, creation.Category,
        creation.SourceDir, creation.Cover, creation.HasAudio, creation.HasLiveData);
}
