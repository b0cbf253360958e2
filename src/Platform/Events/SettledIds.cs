using Remix.Platform.Data;

namespace Remix.Platform.Events;

/// <summary>
/// Up to which id the log is complete. Ids are handed out before commit and transactions do not end in that order, so on
/// PostgreSQL a reader that goes by what it sees would pass over those that end late.
/// </summary>
internal sealed class SettledIds(Database database)
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Queue<(long Id, long Xid)> pending = new();
    private long settled;
    private long newest;

    /// <summary>Every event up to this id is there, or never will be.</summary>
    public async Task<long> Now()
    {
        if (database.Kind.IsSqlite)
        {
            return await database.Read(session => session.Scalar<long>("select max(id) from events"));
        }

        await gate.WaitAsync();
        try
        {
            await database.Read(async session =>
            {
                await Look(session);
                return true;
            });
            return settled;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Waits until what has begun by now has ended, but not for ever: somebody may hold a transaction open.</summary>
    public async Task Rest(TimeSpan within)
    {
        if (database.Kind.IsSqlite)
        {
            return;
        }

        var until = Environment.TickCount64 + (long)within.TotalMilliseconds;
        await Now();
        var wanted = Volatile.Read(ref newest);
        while (Volatile.Read(ref settled) < wanted && Environment.TickCount64 < until)
        {
            await Task.Delay(5);
            await Now();
        }
    }

    /// <summary>
    /// Who has taken an id by now has a transaction number below one that is taken after looking at the sequence. Once no
    /// older transaction runs, all those ids have come to rest. A number is taken only when there is a new id.
    /// </summary>
    private async ValueTask Look(SqlSession session)
    {
        var last = await session.Scalar<long>("select case when is_called then last_value else 0 end from events_id_seq");
        if (last > newest)
        {
            pending.Enqueue((last, await session.Scalar<long>("select pg_current_xact_id()::text::bigint")));
            newest = last;
        }

        if (pending.Count == 0)
        {
            return;
        }

        var oldestRunning = await session.Scalar<long>("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
        while (pending.TryPeek(out var next) && next.Xid <= oldestRunning)
        {
            settled = pending.Dequeue().Id;
        }
    }
}
