using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Platform.Jobs;

/// <summary>Work to be done, as rows, enqueued in the transaction that causes it.</summary>
public sealed class JobQueue(Database database, Signals signals, TimeProvider clock)
{
    internal const string Enqueued = "jobs";

    private const long ClaimMs = 5 * 60_000;
    /// <summary>So often that one renewal, and the next, may fail.</summary>
    internal static readonly TimeSpan RenewEvery = TimeSpan.FromMilliseconds(ClaimMs / 3);

    private const long DoneKeptMs = 24 * 3_600_000;

    /// <summary>Enqueues once per kind and key; a key that exists already is left as it is.</summary>
    public async ValueTask Enqueue<T>(SqlSession session, string kind, string? key, T payload, long? runAtMs = null)
    {
        var now = clock.NowMs();
        await session.Execute("""
            insert into jobs (kind, key, payload, state, attempts, run_at, created_at)
            values ($1, $2, $3, 'due', 0, $4, $5) on conflict (kind, key) do nothing
            """, kind, key, JsonSerializer.Serialize(payload, RemixJson.Options), runAtMs ?? now, now);
        session.AfterCommit(() => signals.Send(Enqueued, kind));
    }

    internal Task<List<ClaimedJob>> Claim(int count) => database.Write(session =>
    {
        var now = clock.NowMs();
        return session.Query($"""
            update jobs set state = 'running', attempts = attempts + 1, claimed_until = $1 where id in (
                select id from jobs
                where (state = 'due' and run_at <= $2) or (state = 'running' and claimed_until < $3)
                order by run_at limit $4 {database.Kind.SkipLocked})
            returning id, kind, payload, attempts
            """, row => new ClaimedJob(row.GetInt64(0), row.GetString(1), row.GetString(2), (int)row.GetInt64(3)),
            now + ClaimMs, now, now, count);
    });

    /// <summary>Goes on holding the job; false when the claim had run out and somebody else took it.</summary>
    internal Task<bool> Renew(ClaimedJob job) => database.Write(async session => await session.Execute(
        "update jobs set claimed_until = $1 where id = $2 and state = 'running' and attempts = $3", clock.NowMs() + ClaimMs, job.Id, job.Attempts) > 0);

    internal Task Finish(ClaimedJob job) => database.Write(async session =>
    {
        var now = clock.NowMs();
        await session.Execute("update jobs set state = 'done', finished_at = $1, claimed_until = null where id = $2 and attempts = $3", now,
            job.Id, job.Attempts);
        await session.Execute("delete from jobs where state = 'done' and finished_at < $1", now - DoneKeptMs);
    });

    /// <summary>Puts a job back after a failure, later each time, or gives it up.</summary>
    internal Task Fail(ClaimedJob job, int attemptsMax, string error) => database.Write(async session =>
    {
        var delayMs = (long)Math.Min(Math.Pow(4, job.Attempts) * 1000, 3_600_000);
        await session.Execute("update jobs set state = $1, run_at = $2, last_error = $3, claimed_until = null where id = $4 and attempts = $5",
            job.Attempts >= attemptsMax ? "failed" : "due", clock.NowMs() + delayMs, error, job.Id, job.Attempts);
    });

    internal Task<long> Waiting() => database.Read(session =>
        session.Scalar<long>("select count(*) from jobs where state in ('due', 'running')"));

    internal sealed record ClaimedJob(long Id, string Kind, string Payload, int Attempts);
}
