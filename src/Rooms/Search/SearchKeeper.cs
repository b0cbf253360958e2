using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Observability;
using Remix.Platform.Search;

namespace Remix.Rooms.Search;

/// <summary>
/// What the log does not tell the search: rooms that open and close, what is deleted, names of agents and rooms, and
/// everything there was when the index was new or lost.
/// </summary>
internal sealed class SearchKeeper(
    Database database, Signals signals, SearchIndex index, SearchableMessages messages, MessageIndexer indexer, IServiceScopeFactory scopes,
    ILogger<SearchKeeper> log) : BackgroundService
{
    public const string AgentKind = "agent";
    public const string RoomKind = "room";

    private const string RoomMessagesKind = "room_messages";
    private const string GatheredNote = "gathered";
    private const string Everything = "all";
    private const int ChangesMax = 256;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly Outage outage = new(log, nameof(SearchKeeper));
    private readonly SemaphoreSlim wake = new(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signals.Listen(RoomDirectory.Changed, _ => Wake());
        try
        {
            await indexer.Following.WaitAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                if (!await Work(stoppingToken))
                {
                    await wake.WaitAsync(LookAgain, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is left is done when it starts again.
        }
    }

    private void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }

    /// <summary>Does a piece of what there is to do; false when there was nothing.</summary>
    private async Task<bool> Work(CancellationToken stop)
    {
        try
        {
            var gathered = await Gather();
            var taken = await TakeChanges(stop);
            outage.IsOver();
            return taken || gathered;
        }
        catch (Exception e) when (Outage.Is(e))
        {
            outage.Met(e);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The changes stay where they are until they are taken.
            log.LogError(e, "The search could not take changes; trying again");
            return false;
        }
    }

    /// <summary>One page of what was said before the index was there.</summary>
    private async Task<bool> Gather()
    {
        var note = await index.Note(GatheredNote);
        if (note == Everything)
        {
            return false;
        }

        var page = await messages.After(note is null ? Guid.Empty : Guid.Parse(note));
        var reached = page.Count < SearchableMessages.PageMax ? Everything : page[^1].Key;
        await index.Apply(new SearchBatch(page, []) { Notes = new Dictionary<string, string>(StringComparer.Ordinal) { [GatheredNote] = reached } });
        await indexer.Learn(page);
        if (note is null)
        {
            await LearnNames();
        }

        return true;
    }

    private async Task<bool> TakeChanges(CancellationToken stop)
    {
        var changes = await database.Read(session => session.Query(
            $"select id, kind, key from search_changes order by id limit {ChangesMax}",
            row => (Id: row.GetInt64(0), Kind: row.GetString(1), Key: row.GetString(2))));
        if (changes.Count == 0)
        {
            return false;
        }

        foreach (var roomId in Of(RoomMessagesKind))
        {
            await Sync(roomId, stop);
        }

        if (Of(SearchableMessages.Kind) is { Count: > 0 } deleted)
        {
            await indexer.Refresh([.. deleted.Select(Guid.Parse)]);
        }

        await LearnAgents(Of(AgentKind));
        await LearnRooms(Of(RoomKind));
        await database.Write(async session =>
        {
            foreach (var change in changes)
            {
                await session.Execute("delete from search_changes where id = $1", change.Id);
            }
        });
        return true;

        HashSet<string> Of(string kind) => changes.Where(change => change.Kind == kind).Select(change => change.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Finds or forgets all messages of a room, by what it is now.</summary>
    private async Task Sync(string roomId, CancellationToken stop)
    {
        for (var after = 0L; !stop.IsCancellationRequested;)
        {
            var page = await messages.InRoom(roomId, after);
            if (page.Count == 0 && after == 0)
            {
                await ForgetRoom(roomId, stop);
            }

            if (page.Count == 0)
            {
                return;
            }

            await index.Apply(new SearchBatch(page, []));
            await indexer.Learn(page);
            after = SearchableMessages.MomentOf(page[^1]);
        }
    }

    private async Task ForgetRoom(string roomId, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested
            && await index.WithFacet(SearchableMessages.RoomFacet(roomId), SearchableMessages.PageMax) is { Count: > 0 } keys)
        {
            await index.Apply(new SearchBatch([], keys));
        }
    }

    private async Task LearnNames()
    {
        var rooms = await database.Read(session => session.Query("select room_id from rooms", row => row.GetString(0)));
        await LearnRooms(rooms);
        using var scope = scopes.CreateScope();
        await LearnAgents(await scope.ServiceProvider.GetRequiredService<AgentDirectory>().All());
    }

    private async Task LearnAgents(IReadOnlyCollection<string> agentIds)
    {
        if (agentIds.Count > 0)
        {
            using var scope = scopes.CreateScope();
            var agents = await scope.ServiceProvider.GetRequiredService<AgentDirectory>().Cards(agentIds);
            await index.Learn(AgentKind, [.. agents.Values.SelectMany(agent =>
                SearchWords.Of($"{agent.AgentId} {agent.Name} {string.Join(' ', agent.Capabilities)}"))]);
        }
    }

    private async Task LearnRooms(IReadOnlyCollection<string> roomIds)
    {
        var texts = new List<string>();
        await database.Read(async session =>
        {
            foreach (var roomId in roomIds)
            {
                texts.AddRange(await session.Query(
                    "select room_id, name, coalesce(description, ''), tags from rooms where room_id = $1 and visibility <> 'private'",
                    row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)} {row.GetString(3)}", roomId));
            }

            return true;
        });
        if (texts.Count > 0)
        {
            await index.Learn(RoomKind, [.. texts.SelectMany(SearchWords.Of)]);
        }
    }
}
