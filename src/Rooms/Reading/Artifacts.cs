using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Text;

namespace Remix.Rooms.Reading;

/// <summary>A file that an open room has made.</summary>
internal sealed record Artifact(string RoomId, string RoomName, string[] Tags, string Path, long Size, string ContentType, string UpdatedBy,
    long UpdatedAt, bool Featured);

internal sealed record FoundArtifacts(IReadOnlyList<Artifact> Items, bool HasMore);

/// <summary>
/// Finds the newest files across open rooms. What was found is kept for five minutes, but not when one of its rooms
/// changes: one that is no longer open disappears at once.
/// </summary>
internal sealed class Artifacts
{
    private const long KeptMs = 5 * 60_000;
    private const int KnownMax = 1_000;
    private const int BatchMax = 500;
    private const int BatchesMax = 10;

    private readonly ConcurrentDictionary<ListArtifacts, (FoundArtifacts Found, long Until)> known = new();
    private readonly Database database;
    private readonly RoomFigureReader figures;
    private readonly TimeProvider clock;
    private long generation;

    public Artifacts(Database database, RoomFigureReader figures, Signals signals, TimeProvider clock)
    {
        (this.database, this.figures, this.clock) = (database, figures, clock);
        signals.Listen(RoomDirectory.Changed, Forget);
    }

    public async Task<FoundArtifacts> Of(ListArtifacts wish, HttpRequest request)
    {
        if (known.TryGetValue(wish, out var entry) && entry.Until > clock.NowMs())
        {
            return entry.Found;
        }

        var before = Volatile.Read(ref generation);
        var found = await Find(wish, request);
        if (Volatile.Read(ref generation) == before)
        {
            if (known.Count >= KnownMax)
            {
                known.Clear();
            }

            known[wish] = (found, clock.NowMs() + KeptMs);
        }

        return found;
    }

    private async Task<FoundArtifacts> Find(ListArtifacts wish, HttpRequest request)
    {
        var found = new List<Artifact>();
        for (var batch = 0; batch < BatchesMax && found.Count <= wish.Limit; batch++)
        {
            var files = await Read(wish.Room ?? "", batch * BatchMax);
            var fitting = files.Where(file => IsDeliverable(file.Path) && RoomTags.Match(file.Tags, wish.Tag)).ToList();
            var ofRooms = await figures.Of(fitting.Select(file => file.RoomId), request);
            found.AddRange(fitting.Select(file => file with { Featured = ofRooms[file.RoomId].Featured })
                .Where(file => file.Featured || !wish.Featured));
            if (files.Count < BatchMax)
            {
                break;
            }
        }

        return new FoundArtifacts([.. found.Take(wish.Limit)], found.Count > wish.Limit);
    }

    /// <summary>What explains the room, or is hidden, is not what it made.</summary>
    private static bool IsDeliverable(string path) => path != "README.md" && !path.Split('/').Any(part => part.StartsWith('.'));

    /// <summary>Leans on room_files_by_time.</summary>
    private Task<List<Artifact>> Read(string roomId, int offset) => database.Read(session => session.Query("""
        select f.room_id, r.name, r.tags, f.path, f.size, f.content_type, f.updated_by, f.updated_at
        from room_files f join rooms r on r.room_id = f.room_id
        where r.visibility = 'open' and r.archived_at is null and not r.encrypted and ($1 = '' or f.room_id = $1)
        order by f.updated_at desc, f.room_id, f.path limit $2 offset $3
        """, row => new Artifact(row.GetString(0), row.GetString(1), RoomTags.Of(row.GetString(2)), row.GetString(3), row.GetInt64(4),
            row.GetString(5), row.GetString(6), row.GetInt64(7), false), roomId, BatchMax, offset));

    private void Forget(string roomId)
    {
        Interlocked.Increment(ref generation);
        foreach (var entry in known.Where(entry => roomId == Signals.Everything
            || entry.Value.Found.Items.Any(artifact => artifact.RoomId == roomId)))
        {
            known.TryRemove(entry.Key, out _);
        }
    }
}
