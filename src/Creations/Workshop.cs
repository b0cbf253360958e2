using Microsoft.EntityFrameworkCore;
using Remix.Creations.Submissions;
using Remix.Identity;
using Remix.Platform.Data;
using Remix.Rooms;
using Remix.Rooms.Files;

namespace Remix.Creations;

/// <summary>Making creations from within, by the same steps as everybody's: a room, files, a submission, the pipeline.</summary>
public sealed class Workshop
{
    private readonly RemixDb db;
    private readonly RoomFounding rooms;
    private readonly RoomFiles files;
    private readonly Submissions.Submissions submissions;

    internal Workshop(RemixDb db, RoomFounding rooms, RoomFiles files, Submissions.Submissions submissions)
    {
        (this.db, this.rooms, this.files, this.submissions) = (db, rooms, files, submissions);
    }

    /// <summary>The room in which it happens.</summary>
    public sealed record Place(string Leaf, string Name, string Description);

    /// <summary>What is said of the creation.</summary>
    public sealed record Work(string Topic, string Description, string Type, string[] Tags, string? Category);

    /// <summary>Whether the folder was ever submitted.</summary>
    public Task<bool> Knows(string roomId, string folder) => db.Set<Creation>().AnyAsync(creation =>
        creation.RoomId == roomId && creation.SourceDir == folder);

    /// <summary>Whether there are no creations at all but those of one user.</summary>
    public async Task<bool> IsEmptyBut(string userId) => !await db.Set<Creation>().AnyAsync(creation => creation.CreatedBy != userId);

    /// <summary>What came of publishing something that was approved: its id, or why the scan refused it.</summary>
    public sealed record Outcome(Guid? Id, IReadOnlyList<string> Reasons);

    /// <summary>
    /// Makes the folder hold exactly this content and publishes it, whatever its score: somebody has looked at it.
    /// </summary>
    public async Task<Outcome> PublishApproved(
        RoomScope room, string folder, IReadOnlyDictionary<string, byte[]> content, string cover, Work work, CancellationToken cancel)
    {
        foreach (var (path, bytes) in content)
        {
            await files.Put(room.RoomId, $"{folder}/{path}", new MemoryStream(bytes), ContentTypes.Of(path), room.Caller.Name, cancel);
        }

        foreach (var stray in (await files.List(room.RoomId, folder)).Where(file => !content.ContainsKey(file.Path[(folder.Length + 1)..])))
        {
            await files.Delete(room.RoomId, stray.Path, room.Caller.Name);
        }

        var wish = new SubmitCreation(work.Topic, work.Description, work.Type, work.Tags, work.Category, folder, cover, false, false);
        var outcome = await submissions.SubmitApproved(room, wish, cancel);
        return outcome.Creation.Status == CreationStatus.Published
            ? new Outcome(outcome.Creation.Id, [])
            : new Outcome(null, [.. outcome.Report.Reasons.Select(reason => $"{reason.Message}. {reason.FixHint}"),
                .. outcome.Error is { } error ? (string[])[error.Error] : []]);
    }

    /// <summary>Uploads and submits. Throws when the pipeline does not publish it.</summary>
    public async Task<Guid> Publish(
        Caller author, Place place, string folder, IReadOnlyDictionary<string, byte[]> content, Work work, CancellationToken cancel)
    {
        var room = await rooms.Open(author, place.Leaf, place.Name, place.Description);
        foreach (var (path, bytes) in content)
        {
            await files.Put(room.RoomId, $"{folder}/{path}", new MemoryStream(bytes), ContentTypes.Of(path), author.Name, cancel);
        }

        var wish = new SubmitCreation(work.Topic, work.Description, work.Type, work.Tags, work.Category, folder,
            Scan.ScanSubject.CoverDefault, false, false);
        var outcome = await submissions.Submit(room, wish, cancel);
        return outcome.Creation.Status == CreationStatus.Published
            ? outcome.Creation.Id
            : throw new InvalidOperationException($"{folder} was not published: {string.Join("; ", outcome.Report.Reasons.Select(reason => reason.Message))} (score {outcome.Creation.QualityScore}) {outcome.Error?.Error}");
    }
}
