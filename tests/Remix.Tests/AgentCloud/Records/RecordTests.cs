using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Remix.Platform.Faults;
using Remix.Tests.AgentCloud.Data;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Records;

public class RecordTests(World world) : IClassFixture<World>
{
    private const string App = "shop";

    private readonly string workspace = WorkspaceDataTests.NewId();

    private RecordStore Store => world.Services.GetRequiredService<RecordStore>();

    [Fact]
    public async Task A_saved_record_shows_its_content_and_its_own_facts()
    {
        var saved = await Save("""{"name":"Ada","age":36}""");
        var shown = saved.Record.Show();
        Assert.True(saved.Changed);
        Assert.Equal("Ada", shown.GetProperty("name").GetString());
        Assert.Matches("^[a-z0-9]{32}$", shown.GetProperty("_rmx_id").GetString());
        Assert.Equal((1, 1), (shown.GetProperty("_rmx_rev").GetInt64(), shown.GetProperty("_rmx_row").GetInt64()));
        Assert.Equal("default", shown.GetProperty("_rmx_recordset").GetString());
        Assert.Equal("alice", shown.GetProperty("_rmx_created_by").GetString());
        Assert.Equal(shown.GetProperty("_rmx_created_at").GetDateTime(), shown.GetProperty("_rmx_last_modified_at").GetDateTime());
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("_rmx_previous").ValueKind);
        Assert.False(shown.GetProperty("_rmx_superseded").GetBoolean() || shown.GetProperty("_rmx_deleted").GetBoolean());
        Assert.Equal(saved.Record, await Store.Get(workspace, App, saved.Record.Id));
    }

    [Fact]
    public async Task Save_replaces_and_upsert_merges()
    {
        var id = (await Save("""{"name":"Ada","address":{"city":"London","zip":"N1"}}""")).Record.Id;
        Assert.Equal("""{"address":{"city":"Paris","zip":"N1"},"age":36,"name":"Ada"}""",
            (await Upsert(id, """{"age":36,"address":{"city":"Paris"}}""")).Record.Content);
        Assert.Equal("""{"age":36,"name":"Ada"}""",
            (await Upsert(id, """{"address":{"_rmx_type":"{tag}undefined","_rmx_value":null}}""")).Record.Content);
        Assert.Equal("""{"age":37}""", (await Save("""{"age":37}""", id)).Record.Content);
    }

    [Fact]
    public async Task Unchanged_content_makes_no_new_version()
    {
        var first = await Save("""{"a":1,"b":[1,2.50],"c":{"x":null}}""");
        var again = await Save("""{"c":{"x":null},"b":[1.0,25e-1],"a":1.0}""", first.Record.Id);
        Assert.False(again.Changed);
        Assert.Equal(first.Record, again.Record);
        Assert.False((await Upsert(first.Record.Id, """{"a":1}""")).Changed);
        Assert.False((await Store.Change(workspace, App, "bob", RecordChange.Save(first.Record.Show()))).Changed);
        Assert.Equal(1, (await Store.Head(workspace, App)).Row);
    }

    [Fact]
    public async Task Every_version_is_kept_and_knows_its_neighbours()
    {
        var id = (await Save("""{"n":1}""")).Record.Id;
        await Save("""{"other":true}""");
        await Save("""{"n":2}""", id);
        await Store.Change(workspace, App, "bob", RecordChange.Delete(id));
        await Save("""{"n":3}""", id);
        var history = (await Store.History(workspace, App, id, null, 10)).Records;
        Assert.Equal([4, 3, 2, 1], history.Select(version => version.Rev));
        Assert.Equal([5L, 4, 3, 1], history.Select(version => version.Row));
        Assert.Equal([4L, 3, 1, null], history.Select(version => version.Previous));
        Assert.Equal([null, 5L, 4, 3], history.Select(version => version.Superseded));
        Assert.Equal([false, true, false, false], history.Select(version => version.Deleted));
        Assert.Equal(("bob", "{}"), (history[1].ModifiedBy, history[1].Content));
    }

    [Fact]
    public async Task A_deleted_record_is_not_there_and_cannot_be_deleted_again()
    {
        var id = (await Save("""{"n":1}""")).Record.Id;
        await Store.Change(workspace, App, "alice", RecordChange.Delete(id));
        Assert.Null(await Store.Get(workspace, App, id));
        Assert.Equal(404, (await Assert.ThrowsAsync<Fault>(() => Store.Change(workspace, App, "alice", RecordChange.Delete(id)))).Status);
        Assert.Empty((await All(RecordScope.Current)).Records);
        Assert.Single((await All(new RecordScope(IncludeDeleted: true))).Records);
        Assert.Equal(2, (await All(new RecordScope(IncludeDeleted: true, IncludeSuperseded: true))).Records.Count);
        Assert.Equal((2, 0), ((await Store.Head(workspace, App)).Row, (await Store.Head(workspace, App)).Count));
    }

    [Fact]
    public async Task The_past_can_be_read_as_it_was()
    {
        var id = (await Save("""{"n":1}""")).Record.Id;
        var other = (await Save("""{"m":1}""")).Record.Id;
        await Save("""{"n":2}""", id);
        await Store.Change(workspace, App, "alice", RecordChange.Delete(other));
        Assert.Equal(["""{"n":1}""", """{"m":1}"""], (await All(new RecordScope(AsOf: new AsOf(2, null)))).Records.Select(record => record.Content));
        Assert.Equal(["""{"n":2}"""], (await All(new RecordScope(AsOf: new AsOf(4, null)))).Records.Select(record => record.Content));
        Assert.Equal("""{"n":1}""", (await Store.Get(workspace, App, id, new AsOf(2, null)))!.Content);
        Assert.NotNull(await Store.Get(workspace, App, other, new AsOf(3, null)));
        Assert.Null(await Store.Get(workspace, App, other, new AsOf(1, null)));
        var last = (await Store.History(workspace, App, id, null, 1)).Records[0];
        Assert.Equal("""{"n":2}""", (await Store.Get(workspace, App, id, new AsOf(null, last.ModifiedAt + 1000)))!.Content);
        Assert.Null(await Store.Get(workspace, App, id, new AsOf(null, 0)));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gaps()
    {
        await Store.Change(workspace, App, "alice", [.. Enumerable.Range(0, 25).Select(n => RecordChange.Save(Json($$"""{"n":{{n}}}""")))]);
        var seen = new List<long>();
        long? after = 0;
        while (after is { } at)
        {
            var page = await Store.All(workspace, App, RecordScope.Current, at, 10);
            seen.AddRange(page.Records.Select(record => record.Row));
            after = page.Next;
        }

        Assert.Equal(Enumerable.Range(1, 25).Select(n => (long)n), seen);
    }

    [Fact]
    public async Task A_record_is_in_a_recordset_and_can_be_moved()
    {
        var id = (await Store.Change(workspace, App, "alice", RecordChange.Save(Json("""{"n":1}"""), recordset: "people"))).Record.Id;
        await Save("""{"n":2}""");
        Assert.Single((await All(new RecordScope("people"))).Records);
        Assert.Equal("people", (await Save("""{"n":3}""", id)).Record.Recordset);
        Assert.Equal("staff", (await Store.Change(workspace, App, "alice", RecordChange.Save(Json("""{"n":3}"""), id, "staff"))).Record.Recordset);
        Assert.Empty((await All(new RecordScope("people"))).Records);
    }

    [Fact]
    public async Task Of_many_changes_all_are_made_or_none()
    {
        var fault = await Assert.ThrowsAsync<Fault>(() => Store.Change(workspace, App, "alice",
            [RecordChange.Save(Json("""{"n":1}""")), RecordChange.Delete(new string('a', 32))]));
        Assert.Equal(404, fault.Status);
        Assert.Equal(0, (await Store.Head(workspace, App)).Row);
        var id = new string('b', 32);
        var all = await Store.Change(workspace, App, "alice",
            [RecordChange.Save(Json("""{"n":1}"""), id), RecordChange.Upsert(Json("""{"m":2}"""), id), RecordChange.Delete(id)]);
        Assert.Equal([1L, 2, 3], all.Select(one => one.Record.Rev));
    }

    [Fact]
    public async Task A_change_can_be_bound_to_the_version_one_has_seen()
    {
        var id = (await Store.Change(workspace, App, "alice", RecordChange.Save(Json("""{"n":1}"""), ifRev: 0))).Record.Id;
        await Store.Change(workspace, App, "alice", RecordChange.Save(Json("""{"n":2}"""), id, ifRev: 1));
        var fault = await Assert.ThrowsAsync<Fault>(() => Store.Change(workspace, App, "bob", RecordChange.Save(Json("""{"n":3}"""), id, ifRev: 1)));
        Assert.Equal((409, "RECORD_CHANGED"), (fault.Status, fault.Code));
    }

    [Fact]
    public async Task Versions_are_restored_elsewhere_as_they_were()
    {
        var id = (await Save("""{"n":1,"t":"x"}""")).Record.Id;
        await Save("""{"n":2}""", id);
        await Save("""{"n":3}""");
        await Store.Change(workspace, App, "bob", RecordChange.Delete(id));
        var all = (await All(new RecordScope(IncludeDeleted: true, IncludeSuperseded: true))).Records;
        var (data, other) = (world.Services.GetRequiredService<WorkspaceData>(), WorkspaceDataTests.NewId());
        await data.Write(other, async session =>
            await RecordWrite.Restore(session, await CloudApps.Ensure(session, other, "copy", "alice", 1), all));
        Assert.Equal(all, (await Store.All(other, "copy", new RecordScope(IncludeDeleted: true, IncludeSuperseded: true), 0, 100)).Records);
        Assert.Equal(await Store.Head(workspace, App), await Store.Head(other, "copy"));
        var runner = world.Services.GetRequiredService<QueryRunner>();
        Assert.Equal(1, (await runner.Run(other, "copy", QuerySource.Read("n > 0"))).Rows);
        Assert.Equal(3, (await runner.Run(other, "copy", QuerySource.Read("n > 0"), new RecordScope(IncludeSuperseded: true))).Rows);
        Assert.Equal(5, (await Store.Change(other, "copy", "alice", RecordChange.Save(Json("{}")))).Record.Row);
        Assert.Equal(400, (await Assert.ThrowsAsync<Fault>(() => data.Write(other, async session =>
            await RecordWrite.Restore(session, (await CloudApps.Find(session, other, "copy"))!, all)))).Status);
    }

    [Fact]
    public async Task Two_writers_of_one_record_lose_nothing()
    {
        var id = (await Save("{}")).Record.Id;
        await Task.WhenAll(Enumerable.Range(0, 60).Select(n =>
            Store.Change(workspace, App, n % 2 == 0 ? "alice" : "bob", RecordChange.Upsert(Json($$"""{"f{{n}}":{{n}}}"""), id))));
        var history = (await Store.History(workspace, App, id, null, 100)).Records;
        Assert.Equal(Enumerable.Range(1, 61).Reverse().Select(n => (long)n), history.Select(version => version.Rev));
        Assert.Equal(60, JsonDocument.Parse(history[0].Content).RootElement.EnumerateObject().Count());
    }

    private Task<RecordChanged> Save(string content, string? id = null) =>
        Store.Change(workspace, App, "alice", RecordChange.Save(Json(content), id));

    private Task<RecordChanged> Upsert(string id, string content) =>
        Store.Change(workspace, App, "alice", RecordChange.Upsert(Json(content), id));

    private Task<RecordPage> All(RecordScope scope) => Store.All(workspace, App, scope, 0, 100);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
