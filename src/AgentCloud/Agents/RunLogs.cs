using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Remix.JsRuntime;
using Remix.Platform.Data;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Agents;

/// <summary>One run that had something to say, or failed.</summary>
/// <param name="Lines">JSON: a list of level, text and milliseconds since it began.</param>
internal sealed record RunLog(string Id, string App, string Agent, string Subject, string Outcome, string? Error, int Ms, string Lines, long At)
{
    public const string Columns = "id, app, agent, subject, outcome, error, ms, lines, at";

    public static RunLog Of(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
        row.Text(5), (int)row.GetInt64(6), row.GetString(7), row.GetInt64(8));
}

/// <summary>
/// What runs wrote to their console and what they threw, of the newest runs of each workspace. A run that returned and wrote
/// nothing leaves no row here: that it was is among the activities.
/// </summary>
internal sealed class RunLogs(Database database, TimeProvider clock)
{
    /// <summary>Of each workspace at least so many are kept.</summary>
    public const int KeptMax = 500;

    /// <summary>As characters of JSON, for one run.</summary>
    public const int LinesLengthMax = 64 * 1024;

    /// <summary>
    /// The same of all runs of a workspace, at once and then each second; of runs beyond, only so much is kept as says what they were
    /// about. All workspaces write to one catalogue.
    /// </summary>
    public const int LengthBurst = 2 * 1024 * 1024, LengthPerSecond = 256 * 1024, BriefLengthMax = 1024;

    public const int PageMax = 100;

    private const int SweepEvery = 50;

    private readonly ConcurrentDictionary<string, Pace> paces = new(StringComparer.Ordinal);
    private int kept;

    public async Task Keep(AgentCall call, AgentOutcome outcome, string subject)
    {
        if (outcome.IsOk && outcome.Logs.Count == 0)
        {
            return;
        }

        var error = outcome.Error is { } thrown ? JsonSerializer.Serialize(new { name = thrown.Name, message = thrown.Message, stack = thrown.Stack },
            ParamText.Writing) : null;
        var lines = Lines(call.Workspace.Id, outcome.Logs);
        var sweeps = Interlocked.Increment(ref kept) % SweepEvery == 0;
        if (sweeps)
        {
            ForgetPaces();
        }

        await database.Write(async session =>
        {
            await session.Execute($"""
                insert into cloud_runs (workspace_id, {RunLog.Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """, call.Workspace.Id, call.Id, call.App, call.Agent.Name, subject, EnumText.Of(outcome.Outcome), error, (long)outcome.Ms, lines,
                clock.NowMs());
            if (sweeps)
            {
                await session.Execute("""
                    delete from cloud_runs where workspace_id = $1 and no <=
                        (select no from cloud_runs where workspace_id = $1 order by no desc limit 1 offset $2)
                    """, call.Workspace.Id, (long)KeptMax);
            }
        });
    }

    /// <summary>The newest first, of an app or an agent where they are named; <paramref name="page"/> at most.</summary>
    public Task<List<RunLog>> Newest(string workspaceId, string app, string agent, int page) => database.Read(session => session.Query($"""
        select {RunLog.Columns} from cloud_runs where workspace_id = $1 and ($2 = '' or app = $2) and ($3 = '' or agent = $3)
        order by no desc limit $4
        """, RunLog.Of, workspaceId, app, agent, (long)page));

    public Task<RunLog?> Find(string workspaceId, string id) => database.Read(session => session.First(
        $"select {RunLog.Columns} from cloud_runs where workspace_id = $1 and id = $2", RunLog.Of, workspaceId, id));

    private void ForgetPaces()
    {
        foreach (var (workspaceId, _) in paces.Where(pair => pair.Value.IsFresh))
        {
            paces.TryRemove(workspaceId, out _);
        }
    }

    private string Lines(string workspaceId, IReadOnlyList<JsLogLine> logs)
    {
        var lines = Lines(logs, LinesLengthMax);
        var pace = paces.GetOrAdd(workspaceId, _ => new Pace(LengthBurst, LengthPerSecond, clock));
        return pace.Take(lines.Length) > TimeSpan.Zero && lines.Length > BriefLengthMax ? Lines(logs, BriefLengthMax) : lines;
    }

    /// <summary>The first lines that fit.</summary>
    private static string Lines(IReadOnlyList<JsLogLine> logs, int lengthMax)
    {
        var texts = new List<string>();
        var length = 2;
        foreach (var line in logs)
        {
            var text = JsonSerializer.Serialize(new { level = line.Level, text = line.Text.Replace('\0', ' '), at = line.At }, ParamText.Writing);
            if ((length += text.Length + 1) > lengthMax)
            {
                texts.Add($$"""{"level":"warn","text":"{{logs.Count - texts.Count}} more lines are not kept","at":{{line.At}}}""");
                break;
            }

            texts.Add(text);
        }

        return $"[{string.Join(',', texts)}]";
    }
}
