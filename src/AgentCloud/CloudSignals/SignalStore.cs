using Remix.AgentCloud.Tokens;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;
using Wakeups = Remix.Platform.Events.Signals;

namespace Remix.AgentCloud.CloudSignals;

/// <summary>
/// The signals: rows, so that they survive whatever the process does. Settling is one conditional update, which one of any
/// number of senders wins.
/// </summary>
internal sealed class SignalStore(Database database, Wakeups wakeups, TimeProvider clock)
{
    /// <summary>Wake-up call whose key is the id of a signal that was settled.</summary>
    public const string Settled = "cloud-signals";

    public Task<CloudSignal> Create(CloudCaller creator)
    {
        var signal = new CloudSignal(CloudNames.NewId(), SignalState.Waiting, null);
        return database.Write(async session =>
        {
            if (await session.Scalar<long>("select count(*) from cloud_signals where creator = $1 and state = 'waiting'",
                creator.RequireKey()) >= CloudSignal.WaitingMax)
            {
                throw Fault.Conflict("TOO_MANY_SIGNALS", $"{CloudSignal.WaitingMax} of your signals are waiting, which is the most",
                    "Cancel those that nobody awaits any more: DELETE /v1/signals/{id}.");
            }

            await session.Execute("insert into cloud_signals (id, creator, state, created_at) values ($1, $2, 'waiting', $3)",
                signal.Id, creator.RequireKey(), clock.NowMs());
            return signal;
        });
    }

    public async Task<CloudSignal> Get(string id) => await database.Read(session => Find(session, id)) ?? throw NotFound();

    /// <summary>Keeps the promise; 409 when it was kept or canceled already.</summary>
    public Task Send(string id, string json) => Settle(id, SignalState.Sent, json);

    public Task Cancel(string id) => Settle(id, SignalState.Canceled, null);

    /// <summary>Forgets what is old, settled or not.</summary>
    public Task Sweep() => database.Write(async session => await session.Execute("delete from cloud_signals where created_at < $1",
        clock.NowMs() - CloudSignal.KeptDays * 86_400_000L));

    private Task Settle(string id, SignalState state, string? json) => database.Write(async session =>
    {
        if (await session.Execute("update cloud_signals set state = $1, value = $2, settled_at = $3 where id = $4 and state = 'waiting'",
            EnumText.Of(state), json, clock.NowMs(), id) == 0)
        {
            throw await Find(session, id) is { } found ? Spent(found) : NotFound();
        }

        session.AfterCommit(() => wakeups.Send(Settled, id));
    });

    private static ValueTask<CloudSignal?> Find(SqlSession session,
        string id) => session.First("select id, state, value from cloud_signals where id = $1",
        row => new CloudSignal(row.GetString(0), EnumText.Parse<SignalState>(row.GetString(1)), row.Text(2)), id);

    private static Fault Spent(CloudSignal signal) => signal.State == SignalState.Sent
        ? Fault.Conflict("SIGNAL_SENT", "A value was sent to this signal already, and it takes one only", "Make another signal: POST /v1/signals.")
        : Fault.Conflict("SIGNAL_CANCELED", "This signal was canceled", "Make another signal: POST /v1/signals.");

    private static Fault NotFound() => Fault.NotFound("Signal", $"Signals are forgotten after {CloudSignal.KeptDays} days.");
}
