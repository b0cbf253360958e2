using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Remix.Creations.Serving;
using Remix.Creations.Submissions;
using Remix.Identity;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Text;
using Remix.Rooms;

namespace Remix.Creations;

/// <summary>The creations: every version ever submitted. The only writer of its tables.</summary>
internal sealed class CreationStore(RemixDb db, PublishedCreations published, RoomLog log, RoomStatuses statuses)
{
    /// <summary>Each failed try means that another succeeded, and nobody may submit more often in a minute.</summary>
    private const int TriesMax = 40;

    private DbSet<Creation> All => db.Set<Creation>();

    public async Task<Creation> Find(Guid id) =>
        await All.SingleOrDefaultAsync(creation => creation.Id == id) ?? throw Fault.NotFound("Creation");

    public Task<List<Creation>> OfRoom(string roomId, int limit) => All.AsNoTracking()
        .Where(creation => creation.RoomId == roomId).OrderByDescending(creation =>
            creation.CreatedAt).ThenBy(creation => creation.Id).Take(limit).ToListAsync();

    public Task<int> CountOfRoom(string roomId) => All.CountAsync(creation => creation.RoomId == roomId);

    /// <summary>The published versions of a folder, newest first.</summary>
    public Task<List<Creation>> Versions(Creation creation, int limit) => All.AsNoTracking()
        .Where(other => other.RoomId == creation.RoomId && other.SourceDir == creation.SourceDir && other.Status == CreationStatus.Published)
        .OrderByDescending(other => other.Version).Take(limit).ToListAsync();

    public Task<int> CountVersions(Creation creation) => All.CountAsync(other =>
        other.RoomId == creation.RoomId && other.SourceDir == creation.SourceDir && other.Status == CreationStatus.Published);

    public static Creation New(RoomScope room, SubmitCreation wish, string[] agents, PipelineReport report, int score, TimeProvider clock) => new()
    {
        Id = Guid.CreateVersion7(),
        RoomId = room.RoomId,
        SourceDir = wish.SourceDir,
        Slug = Slug.Of(wish.Topic),
        Topic = wish.Topic,
        Description = wish.Description,
        Type = wish.Type,
        Tags = wish.Tags,
        Category = wish.Category,
        Cover = wish.Cover,
        HasAudio = wish.HasAudio,
        HasLiveData = wish.HasLiveData,
        ParentId = wish.ParentId,
        CreatedBy = room.Owner,
        SubmittedBy = room.Caller.Name,
        Agents = agents,
        Status = CreationStatus.PendingReview,
        QualityScore = score,
        Pipeline = report.ToJson(),
        CreatedAt = clock.NowMs(),
    };

    /// <summary>Keeps a submission that does not publish: rejected, or waiting for somebody.</summary>
    public async Task Keep(Creation creation, PipelineReport report, int score, PublishError? error)
    {
        if (db.Entry(creation).State == EntityState.Detached)
        {
            All.Add(creation);
        }

        creation.Status = report.Reasons.Any() ? CreationStatus.Rejected : CreationStatus.PendingReview;
        (creation.QualityScore, creation.Pipeline) = (score, report.ToJson());
        creation.PublishError = error is null ? null : RemixJson.Element(error);
        await db.Commit(async session =>
        {
            await log.Record(session, creation.RoomId, CreationEvents.Review, creation.SubmittedBy, new
            {
                room_id = creation.RoomId,
                creation_id = creation.Id,
                status = EnumText.Of(creation.Status),
                quality_score = score,
                rejection_reasons = report.Reasons,
                publish_error = error,
            });
            await statuses.Set(session, creation.RoomId, creation.Status == CreationStatus.Rejected ? RoomStatus.Open : RoomStatus.Review);
        });
    }

    /// <summary>The newest in a room that waits for somebody's yes.</summary>
    public Task<Creation?> Waiting(string roomId) => All.Where(creation =>
        creation.RoomId == roomId && creation.Status == CreationStatus.PendingReview && creation.ArchivedAt == null)
        .OrderByDescending(creation => creation.CreatedAt).ThenByDescending(creation => creation.Id).FirstOrDefaultAsync();

    /// <summary>Writes down what the owner said to a draft; who asks for a revision has the room at work again.</summary>
    public Task Answer(string roomId, Guid? draft, GiveFeedback feedback, string by) => db.Commit(async session =>
    {
        await log.Record(session, roomId, CreationEvents.Feedback, by,
            new { room_id = roomId, creation_id = draft, action = EnumText.Of(feedback.Action), feedback = feedback.Feedback, by });
        if (feedback.Action == FeedbackAction.Revise)
        {
            await statuses.Set(session, roomId, RoomStatus.Creating);
        }
    });

    /// <summary>Publishes: the version that was live before is archived, and stays where it is.</summary>
    public async Task Publish(Creation creation, PipelineReport report, int score, IReadOnlyList<PublishedFile> files)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryPublish(creation, report, score, files);
                return;
            }
            catch (Exception e) when (tries < TriesMax && DatabaseKind.IsUniqueViolation(e))
            {
                // Another version of the folder, or another page with the same readable address, came first, or another
                // node published in the same millisecond.
            }
        }
    }

    private async Task TryPublish(Creation creation, PipelineReport report, int score, IReadOnlyList<PublishedFile> files)
    {
        var before = await All.AsNoTracking().SingleOrDefaultAsync(other =>
            other.RoomId == creation.RoomId && other.SourceDir == creation.SourceDir && other.Live && other.Id != creation.Id);
        var newest = await All.Where(other => other.RoomId == creation.RoomId && other.SourceDir == creation.SourceDir
            && other.Status == CreationStatus.Published && other.Id != creation.Id).MaxAsync(other => (long?)other.Version) ?? 0;
        if (db.Entry(creation).State == EntityState.Detached)
        {
            All.Add(creation);
        }

        creation.Slug = before?.Slug ?? await FreeSlug(creation);
        // A first version keeps the parent it was submitted with: what it is a remix of.
        var remixed = newest == 0 ? creation.ParentId : null;
        (creation.Status, creation.Live, creation.Version, creation.ParentId) = (CreationStatus.Published, true, newest + 1, before?.Id ?? remixed);
        (creation.QualityScore, creation.Pipeline, creation.PublishError) = (score, report.ToJson(), null);
        creation.PublishedAt = published.NextMomentMs();
        await db.Commit(
            async session =>
            {
                if (before is not null)
                {
                    await session.Execute("update creations set live = $1, archived_at = $2 where id = $3", false, creation.PublishedAt, before.Id);
                }
            },
            async session =>
            {
                await Publisher.Store(session, creation.Id, files);
                await statuses.Set(session, creation.RoomId, RoomStatus.Closed);
                await published.Announce(session, creation.Id, before?.Id, remixed);
                await log.Record(session, creation.RoomId, CreationEvents.Published, creation.SubmittedBy, new
                {
                    room_id = creation.RoomId,
                    creation_id = creation.Id,
                    topic = creation.Topic,
                    slug = creation.Slug,
                    version = creation.Version,
                    parent_id = creation.ParentId,
                    quality_score = score,
                });
            });
    }

    /// <summary>The topic's slug, with a piece of the id behind when another page has it.</summary>
    private async Task<string> FreeSlug(Creation creation)
    {
        var slug = Slug.Of(creation.Topic);
        return await All.AnyAsync(other => other.Slug == slug && other.Id != creation.Id
            && (other.RoomId != creation.RoomId || other.SourceDir != creation.SourceDir))
            ? $"{slug}-{creation.Id.ToString("n")[^6..]}" : slug;
    }
}
