using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Records;
using Remix.Platform.Faults;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Data;

public class CloudAppTests(World world) : IClassFixture<World>
{
    private readonly string workspace = WorkspaceDataTests.NewId();

    private CloudApps Apps => world.Services.GetRequiredService<CloudApps>();

    private RecordStore Records => world.Services.GetRequiredService<RecordStore>();

    private WorkspaceData Data => world.Services.GetRequiredService<WorkspaceData>();

    [Theory]
    [InlineData("shop", true)]
    [InlineData("Shop-2_x", true)]
    [InlineData("", false)]
    [InlineData("-shop", false)]
    [InlineData("_rmx_shop", false)]
    [InlineData("a_rmx_b", false)]
    [InlineData("a/b", false)]
    [InlineData("shöp", false)]
    [InlineData("shop\n", false)]
    public async Task Names_follow_the_rule(string name, bool isGood)
    {
        if (isGood)
        {
            Assert.Equal(name, (await Apps.Create(workspace, name, "alice")).Name);
            return;
        }

        Assert.Equal(400, (await Assert.ThrowsAsync<Fault>(() => Apps.Create(workspace, name, "alice"))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<Fault>(() => Apps.Get(workspace, name))).Status);
    }

    [Fact]
    public async Task A_name_is_given_once_and_its_case_counts()
    {
        await Apps.Create(workspace, "shop", "alice");
        Assert.Equal(409, (await Assert.ThrowsAsync<Fault>(() => Apps.Create(workspace, "shop", "bob"))).Status);
        await Apps.Create(workspace, "Shop", "alice");
        Assert.Equal(["Shop", "shop"], (await Apps.List(workspace)).Select(app => app.Name));
    }

    [Fact]
    public async Task A_deleted_app_takes_its_records_along_and_its_name_is_free()
    {
        for (var i = 0; i < 5; i++)
        {
            await Records.Change(workspace, "shop", "alice",
                [.. Enumerable.Range(0, 1000).Select(n => RecordChange.Save(Json($$"""{"n":{{n}}}""")))]);
        }

        var id = (await Apps.Get(workspace, "shop")).Id;
        await Apps.Delete(workspace, "shop");
        Assert.Empty(await Apps.List(workspace));
        Assert.Equal(404, (await Assert.ThrowsAsync<Fault>(() => Apps.Delete(workspace, "shop"))).Status);
        foreach (var table in Data.AppTables)
        {
            Assert.Equal(0, await Data.Read(workspace, session => session.Scalar<long>($"select count(*) from {table} where app_id = $1", id)));
        }

        Assert.Equal(1, (await Records.Change(workspace, "shop", "alice", RecordChange.Save(Json("{}")))).Record.Row);
    }

    [Fact]
    public async Task One_app_takes_the_place_of_another_in_one_transaction()
    {
        await Records.Change(workspace, "shop", "alice", RecordChange.Save(Json("""{"old":true}""")));
        await Data.Write(workspace, async session =>
        {
            var fresh = await CloudApps.CreateNameless(session, workspace, "alice", 1);
            await RecordWrite.Apply(session, fresh, "alice", 1, RecordWrite.Check([RecordChange.Save(Json("""{"new":true}"""))]));
            await CloudApps.Name(session, workspace, fresh, "shop");
        });
        var page = await Records.All(workspace, "shop", RecordScope.Current, 0, 10);
        Assert.Equal("""{"new":true}""", Assert.Single(page.Records).Content);
        await Apps.Erase(workspace);
        Assert.Equal(1, await Data.Read(workspace, session => session.Scalar<long>(
            "select count(*) from cloud_apps where workspace_id = $1", workspace)));
    }

    [Fact]
    public async Task A_replacement_that_fails_changes_nothing()
    {
        await Records.Change(workspace, "shop", "alice", RecordChange.Save(Json("""{"old":true}""")));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Data.Write(workspace, async session =>
        {
            var fresh = await CloudApps.CreateNameless(session, workspace, "alice", 1);
            await CloudApps.Name(session, workspace, fresh, "shop");
            throw new InvalidTimeZoneException("on purpose");
        }));
        Assert.Equal("""{"old":true}""", Assert.Single((await Records.All(workspace, "shop", RecordScope.Current, 0, 10)).Records).Content);
        Assert.Single(await Apps.List(workspace));
    }

    [Fact]
    public async Task Metadata_and_constants_are_kept()
    {
        await Apps.Create(workspace, "shop", "alice");
        await Apps.SetMetadata(workspace, "shop", """{"title":"Shop"}""", null);
        await Apps.SetMetadata(workspace, "shop", null, """{"currency":"EUR"}""");
        var app = await Apps.Get(workspace, "shop");
        Assert.Equal(("""{"title":"Shop"}""", """{"currency":"EUR"}""", "alice"), (app.Metadata, app.Constants, app.CreatedBy));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
