using System.Buffers;
using System.Text.Json;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// <c>remix.db</c>: the records of the agent's own app. <c>get(id, {asOf})</c>, <c>save(record | records, {recordset, ifRev})</c>,
/// <c>upsert</c>, <c>delete(id | ids)</c>, <c>query(query, params, {…})</c>, <c>head()</c>,
/// <c>all({recordset, after, limit, …})</c>.
/// </summary>
internal sealed class HostRecords(RecordStore store, QueryRunner queries)
{
    public async Task<ReadOnlyMemory<byte>> Do(AgentCall call, HostArguments given)
    {
        var (workspace, app) = (call.Workspace.Id, call.App);
        switch (given.Operation)
        {
            case "db.get":
                return Shown(await store.Get(workspace, app, given.Id(0), AsOfIn(given, 1)));
            case "db.save":
                return await Change(call, given, RecordAction.Replace);
            case "db.upsert":
                return await Change(call, given, RecordAction.Merge);
            case "db.delete":
                return await Delete(call, given);
            case "db.query":
                return await Query(call, given);
            case "db.head":
                var head = await store.Head(workspace, app);
                return JsonSerializer.SerializeToUtf8Bytes(new { row = head.Row, at = head.AtMs, count = head.Count });
            case "db.all":
                var page = await store.All(workspace, app, ScopeIn(given, 0), given.NumberOption(0, "after") ?? 0,
                    (int)Math.Clamp(given.NumberOption(0, "limit") ?? RecordStore.PageMax, 1, RecordStore.PageMax));
                return Json(json =>
                {
                    json.WriteStartObject();
                    json.WriteStartArray("records");
                    page.Records.ToList().ForEach(record => record.Write(json));
                    json.WriteEndArray();
                    json.WritePropertyName("next");
                    json.WriteRawValue(page.Next is { } next ? JsonSerializer.Serialize(next) : "null");
                    json.WriteEndObject();
                });
            default:
                throw given.Wrong("there is no such function");
        }
    }

    private async Task<ReadOnlyMemory<byte>> Change(AgentCall call, HostArguments given, RecordAction action)
    {
        var (recordset, rev, id) = (given.TextOption(1, "recordset"), given.NumberOption(1, "ifRev"), given.TextOption(1, "id"));
        var isList = given.At(0).ValueKind == JsonValueKind.Array;
        var changes = (isList ? given.At(0).EnumerateArray().ToList() : [given.At(0)])
            .ConvertAll(content => RecordChange.Save(content, isList ? null : id, recordset, rev) with { Action = action });
        var changed = await store.Change(call.Workspace.Id, call.App, call.Chain.User.Name, changes);
        return isList ? Json(json =>
        {
            json.WriteStartArray();
            changed.ToList().ForEach(one => one.Record.Write(json));
            json.WriteEndArray();
        }) : Shown(changed[0].Record);
    }

    private async Task<ReadOnlyMemory<byte>> Delete(AgentCall call, HostArguments given)
    {
        var rev = given.NumberOption(1, "ifRev");
        var changes = given.At(0).ValueKind == JsonValueKind.Array
            ? given.At(0).EnumerateArray().Select(id => RecordChange.Delete(id.ValueKind == JsonValueKind.String ? id.GetString()!
                : throw given.Wrong("ids are texts"), rev)).ToList()
            : [RecordChange.Delete(given.Id(0), rev)];
        await store.Change(call.Workspace.Id, call.App, call.Chain.User.Name, changes);
        return "null"u8.ToArray();
    }

    private async Task<ReadOnlyMemory<byte>> Query(AgentCall call, HostArguments given)
    {
        var source = given.Has(0) ? given.At(0) : throw given.Wrong("the query is missing");
        var query = QuerySource.Read(source, "query");
        var values = given.Has(1) ? given.At(1) : JsonSerializer.SerializeToElement(new { });
        var scope = ScopeIn(given, 2);
        var bound = QuerySource.Bind(query, values).Within(scope.Recordset);
        var answer = await queries.Run(call.Workspace.Id, call.App, bound, scope);
        return Json(answer.Value.WriteTo);
    }

    private static RecordScope ScopeIn(HostArguments given, int index) => new(given.TextOption(index, "recordset"),
        given.TruthOption(index, "includeSuperseded"), given.TruthOption(index, "includeDeleted"), AsOfIn(given, index));

    /// <summary>A row's number, or a time as text.</summary>
    private static AsOf? AsOfIn(HostArguments given, int index) => given.Option(index, "asOf") switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } row when row.TryGetInt64(out var number) => new AsOf(number, null),
        { ValueKind: JsonValueKind.String } time when time.TryGetDateTimeOffset(out var at) => new AsOf(null, at.ToUnixTimeMilliseconds()),
        _ => throw given.Wrong("asOf is the number of a row, or a time such as 2026-01-31T12:00:00Z"),
    };

    private static ReadOnlyMemory<byte> Shown(Record? record) => record is null ? "null"u8.ToArray() : Json(record.Write);

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, RecordJson.Writing))
        {
            write(json);
        }

        return bytes.WrittenMemory;
    }
}
