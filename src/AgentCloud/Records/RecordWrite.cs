using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.Platform.Data;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Records;

/// <summary>Makes changes inside a transaction of others, such as the installation of a package: all of them or none.</summary>
internal static class RecordWrite
{
    private const string IdAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Everything that is wrong with the changes, said at once and before the transaction.</summary>
    public static IReadOnlyList<CheckedChange> Check(IReadOnlyList<RecordChange> changes)
    {
        var issues = new List<Issue>();
        if (changes.Count > RecordStore.ChangesMax)
        {
            issues.Add(new Issue("too_big", [], $"At most {RecordStore.ChangesMax} records are written at once"));
        }

        var result = new List<CheckedChange>(changes.Count);
        foreach (var (change, index) in changes.Take(RecordStore.ChangesMax).Select((change, index) => (change, index)))
        {
            result.Add(Check(change, issues, changes.Count == 1 ? [] : [index]));
            if (issues.Count >= 50)
            {
                break;
            }
        }

        return issues.Count == 0 ? result : throw Fault.Invalid(issues);
    }

    /// <summary>
    /// Makes the changes in their order. The app's row is locked until the transaction ends, so that rows are numbered as
    /// they are committed.
    /// </summary>
    public static async ValueTask<IReadOnlyList<RecordChanged>> Apply(SqlSession session, App app, string by, long now,
        IReadOnlyList<CheckedChange> changes)
    {
        if (changes.Count == 0)
        {
            return [];
        }

        // Time never goes backwards within an app, whatever the clock does, so that a moment names one state.
        await session.Execute("update cloud_apps set last_at = case when last_at > $1 then last_at else $1 end where id = $2", now, app.Id);
        var (row, at) = await session.First("select last_row, last_at from cloud_apps where id = $1",
            found => Tuple.Create(found.GetInt64(0), found.GetInt64(1)), app.Id) ?? throw Fault.NotFound("App");
        var batch = new RecordBatch(session, app, row);
        var results = new List<RecordChanged>(changes.Count);
        foreach (var change in changes)
        {
            results.Add(await Apply(batch, change, by, at));
        }

        await batch.Finish();
        return results;
    }

    /// <summary>
    /// Writes versions as they were elsewhere, with their numbers, times and authors: in the order of their rows, after all
    /// that the app has. What is no version that could have been written here is refused.
    /// </summary>
    public static async ValueTask Restore(SqlSession session, App app, IEnumerable<Record> versions)
    {
        var (last, at) = await session.First("select last_row, last_at from cloud_apps where id = $1",
            found => Tuple.Create(found.GetInt64(0), found.GetInt64(1)), app.Id) ?? throw Fault.NotFound("App");
        var batch = new RecordBatch(session, app, last);
        foreach (var version in versions)
        {
            if (version.Row <= last || version.ModifiedAt < at || !IsSound(version))
            {
                throw Fault.Invalid($"row {version.Row}", "This version of a record contradicts the ones before it, or itself");
            }

            using var document = JsonDocument.Parse(version.Content);
            var content = RecordContent.Read(document.RootElement);
            (last, at) = (version.Row, version.ModifiedAt);
            await batch.Restore(version with { Content = content.Json }, content.Entries);
        }

        await batch.Finish();
        await session.Execute("update cloud_apps set last_at = $1 where id = $2", at, app.Id);
    }

    private static bool IsSound(Record version) => version.Rev >= 1 && !(version.Superseded <= version.Row)
        && !(version.Previous >= version.Row) && Record.IsId(version.Id) && Record.IsRecordset(version.Recordset)
        && RecordContent.TextIsGood(version.CreatedBy) && RecordContent.TextIsGood(version.ModifiedBy);

    /// <summary>A random id: 32 letters and digits.</summary>
    public static string NewId() => System.Security.Cryptography.RandomNumberGenerator.GetString(IdAlphabet, Record.IdLength);

    private static CheckedChange Check(RecordChange change, List<Issue> issues, IReadOnlyList<object> path)
    {
        if (change.Id is not null && !Record.IsId(change.Id))
        {
            issues.Add(new Issue("invalid_string", [.. path, SystemField.Id], $"A record's id is {Record.IdRule}"));
        }

        if (change.Recordset is not null && !Record.IsRecordset(change.Recordset))
        {
            issues.Add(new Issue("invalid_string", [.. path, SystemField.Recordset], $"A recordset's name is {App.NameRule}"));
        }

        return new CheckedChange(change, change.Action == RecordAction.Delete ? null : RecordContent.Read(change.Content, issues, path));
    }

    private static async ValueTask<RecordChanged> Apply(RecordBatch batch, CheckedChange wanted, string by, long at)
    {
        var change = wanted.Change;
        var before = change.Id is null ? null : await batch.Newest(change.Id);
        if (change.IfRev is { } rev && rev != (before?.Deleted == false ? before.Rev : 0))
        {
            throw Fault.Conflict("RECORD_CHANGED", $"The record is at version {before?.Rev ?? 0}, not at {rev}",
                "Read it again, and repeat the change on what it is now.");
        }

        var exists = before is { Deleted: false };
        if (change.Action == RecordAction.Delete && !exists)
        {
            throw RecordStore.NotFound();
        }

        var content = change.Action == RecordAction.Merge
            ? RecordContent.Read(RecordChange.Merged(exists ? before!.Content : "{}", change.Content))
            : wanted.Content;
        var recordset = change.Recordset ?? before?.Recordset ?? Record.RecordsetDefault;
        if (exists && content is not null && content.Json == before!.Content && recordset == before.Recordset)
        {
            return new RecordChanged(before, false);
        }

        return new RecordChanged(await batch.Add(before, new Record(0, recordset, change.Id ?? NewId(), (before?.Rev ?? 0) + 1,
            exists ? before!.CreatedAt : at, exists ? before!.CreatedBy : by, at, by, before?.Row, null, content is null, content?.Json ?? "{}"),
            content?.Entries ?? []), true);
    }
}

/// <summary>A change whose content has been read and found good.</summary>
/// <param name="Content">Null for a deletion.</param>
internal sealed record CheckedChange(RecordChange Change, RecordContent? Content);
