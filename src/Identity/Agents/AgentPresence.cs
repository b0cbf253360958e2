using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Identity.Agents;

/// <summary>Notes when each agent was last heard, in memory at once and in its row every few seconds.</summary>
public sealed class AgentPresence(Database database, TimeProvider clock, ILogger<AgentPresence> log) : BackgroundService
{
    /// <summary>An agent is online this long after it was last heard.</summary>
    public const long OnlineMs = 60_000;

    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> written = new(StringComparer.Ordinal);

    public void Seen(string agentId) => seen[agentId] = clock.NowMs();

    /// <summary>When it was last heard, given what its row says.</summary>
    public long? LastSeen(string agentId, long? stored) => seen.TryGetValue(agentId, out var heard) ? Math.Max(heard, stored ?? 0) : stored;

    public bool IsOnline(string agentId, long? stored) => LastSeen(agentId, stored) is { } heard && clock.NowMs() - heard < OnlineMs;

    /// <summary>Everybody who is online.</summary>
    public async Task<IReadOnlyCollection<string>> Online()
    {
        var since = clock.NowMs() - OnlineMs;
        var stored = await database.Read(session => session.Query(
            "select agent_id from agents where last_seen > $1", row => row.GetString(0), since));
        return seen.Where(entry => entry.Value > since).Select(entry => entry.Key).Concat(stored).ToHashSet(StringComparer.Ordinal);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WriteEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Write();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Write();
        }
    }

    private async Task Write()
    {
        var changed = seen.Where(entry => !written.TryGetValue(entry.Key, out var before) || entry.Value - before > OnlineMs / 4)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        if (changed.Count == 0)
        {
            return;
        }

        try
        {
            await database.Write(async session =>
            {
                foreach (var (agentId, at) in changed)
                {
                    await session.Execute("update agents set last_seen = $1 where agent_id = $2", at, agentId);
                }
            });
        }
        catch (Exception e) when (DatabaseKind.IsUnavailable(e))
        {
            log.LogWarning(e, "When agents were last heard could not be written; it will be with the next round");
            return;
        }

        foreach (var (agentId, at) in changed)
        {
            written[agentId] = at;
            if (clock.NowMs() - at > 2 * OnlineMs)
            {
                seen.TryRemove(new(agentId, at));
                written.TryRemove(agentId, out _);
            }
        }
    }
}
