using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Data;

namespace Remix.Rooms.Inbox;

/// <summary>
/// A long poll: reads on from the cursor, and when there is nothing, waits until something happens. It listens before it
/// reads, so that nothing falls between.
/// </summary>
internal sealed class InboxPolling(InboxStore inbox, InboxWaiters waiters, Database database, AgentPresence presence, TimeProvider clock)
{
    private const int PageMax = 200;

    /// <summary>A wake-up call may be lost between nodes, and on PostgreSQL comes before the log has come to rest.</summary>
    private static readonly TimeSpan LookAgainMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgainMin = TimeSpan.FromMilliseconds(10);

    public async Task<PolledEvents> Poll(Caller caller, PollEvents wish, CancellationToken stop)
    {
        var agentId = caller.RequireAgentId();
        await inbox.Rest();
        var floor = await inbox.Floor(agentId);
        var named = wish.Cursor is null ? null : InboxEvent.IdOf(wish.Cursor);
        var isExpired = wish.Cursor is not null && (named is null || named > await inbox.Newest());
        var place = isExpired || named is null ? floor : Math.Max(floor, named.Value);

        using var waiter = waiters.Enter(agentId, caller.RequireUserId());
        var until = clock.GetUtcNow().AddSeconds(wish.Timeout);
        var pause = LookAgainMax;
        var found = new List<PolledEvent>();
        while (!waiter.IsDismissed)
        {
            waiter.ListenTo(await inbox.Channels(agentId));
            place = await ReadOn(caller, wish, place, found, stop);
            var left = until - clock.GetUtcNow();
            if (found.Count > 0 || left <= TimeSpan.Zero || stop.IsCancellationRequested)
            {
                break;
            }

            // Something has happened that cannot be read yet: look again soon, then less and less often.
            pause = await Woken(waiter, left < pause ? left : pause, stop) && !database.Kind.IsSqlite ? LookAgainMin : Min(2 * pause, LookAgainMax);
            presence.Seen(agentId);
        }

        return new PolledEvents(found, InboxEvent.NameOf(place), wish.IsFiltered ? true : null, isExpired ? true : null);
    }

    /// <summary>Reads until there are enough, or no more. Returns the place up to which everything was looked at.</summary>
    private async Task<long> ReadOn(Caller caller, PollEvents wish, long place, List<PolledEvent> found, CancellationToken stop)
    {
        var agentId = caller.RequireAgentId();
        while (!stop.IsCancellationRequested)
        {
            var page = await inbox.Read(agentId, place, PageMax);
            foreach (var one in page.Events)
            {
                if (one.Fits(wish, agentId) && (one.Role is null || caller.May(AgentAction.Read, one.Logged.Channel)))
                {
                    found.Add(PolledEvent.Of(one));
                    if (found.Count == wish.Limit)
                    {
                        return one.Logged.Id;
                    }
                }
            }

            place = page.Reached;
            if (page.IsAll)
            {
                return place;
            }
        }

        return place;
    }

    private static async Task<bool> Woken(InboxWaiter waiter, TimeSpan within, CancellationToken stop)
    {
        try
        {
            return await waiter.Woken(within, stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
