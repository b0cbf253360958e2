using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Faults;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Queries;

public class CloudQueryTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    private const string App = "shop";

    private IServiceProvider Services => cloud.World.Services;

    private CloudQueries Queries => Services.GetRequiredService<CloudQueries>();

    [Fact]
    public async Task A_registered_query_is_run_with_values_for_its_parameters()
    {
        var (name, id) = await Workspace();
        var ast = Ast("""["comparison",">","age",["param","than"]]""");
        var kept = (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "older", ast })).Ok(201);
        Assert.Equal("where age > $than", kept.String("query"));
        Assert.Equal("""["than"]""", kept["params"].GetRawText());
        Assert.Equal(["Linus", "Grace"], Names(await Run(id, "older", """{"than":40}""")));
        Assert.Empty(Names(await Run(id, "older", """{"than":"40"}""")));
    }

    [Fact]
    public async Task The_ast_may_come_as_JSON_as_text_or_in_the_textual_form_from_a_form()
    {
        var (name, id) = await Workspace();
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q1", ast = """["comparison","==","name","Ada"]""" })).Ok(201);
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q2", ast = "name == \"Ada\"" })).Ok(201);
        (await cloud.Alice.Send(HttpMethod.Post, $"/query/{name}/{App}", new FormUrlEncodedContent(
            [new("name", "q3"), new("ast", "name like $start | orderDesc age"), new("limit", "1"), new("skip", "0"),
                new("include_deleted", "false")]))).Ok(201);
        Assert.Equal(["Ada"], Names(await Run(id, "q1", "{}")));
        Assert.Equal(["Ada"], Names(await Run(id, "q2", "{}")));
        Assert.Equal(["Linus"], Names(await Run(id, "q3", """{"start":""}""")));
    }

    [Fact]
    public async Task Skip_limit_and_what_is_over_are_as_registered()
    {
        var (name, id) = await Workspace();
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "page", ast = "orderAsc age", skip = 1, limit = 1 })).Ok(201);
        var past = new { name = "past", ast = "count", include_superseded = true, include_deleted = true };
        (await cloud.Alice.Post($"/query/{name}/{App}", past)).Ok(201);
        Assert.Equal(["Grace"], Names(await Run(id, "page", "{}")));
        Assert.Equal(6, (await Run(id, "past", "{}"))!.Value.GetInt64());
    }

    [Fact]
    public async Task Groups_of_long_texts_are_known_by_the_whole_text()
    {
        var (_, id) = await Workspace();
        var (one, other) = (new string('x', 600) + "1", new string('x', 600) + "2");
        var store = Services.GetRequiredService<RecordStore>();
        await store.Change(id, App, "alice", [.. new[] { one, other, one, "short" }.Select(note =>
            RecordChange.Save(JsonSerializer.SerializeToElement(new { note })))]);
        var groups = (await Services.GetRequiredService<QueryRunner>().Run(id, App, QueryParser.Parse("exists note | group note"))).Value
            .EnumerateArray().ToDictionary(group => group.Text("key"), group => group.GetProperty("count").GetInt32(), StringComparer.Ordinal);
        Assert.Equal([(one, 2), (other, 1), ("short", 1)], groups.Select(group => (group.Key, group.Value))
            .OrderByDescending(group => group.Value).ThenByDescending(group => group.Key.Length));
    }

    [Fact]
    public async Task A_query_and_an_agent_cannot_have_one_name()
    {
        var (name, _) = await Workspace();
        var content = $"/v1/ws/{name}/app/{App}/file-manager/content?path=";
        var module = "export default () => ({})"u8.ToArray();
        (await cloud.Alice.Send(HttpMethod.Put, content + "/code/report.js", Actor.Bytes(module, "text/javascript"))).Ok();
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "report", ast = "count" })).RefusedByCloud(409, "NAME_TAKEN");

        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "total", ast = "count" })).Ok(201);
        foreach (var path in new[] { "/code/total.js", "/code/total.json" })
        {
            (await cloud.Alice.Send(HttpMethod.Put, content + path, Actor.Bytes(module, "text/javascript"))).RefusedByCloud(409, "NAME_TAKEN");
        }

        (await cloud.Alice.Post($"/v1/ws/{name}/app/{App}/file-manager/copy", new { src = "/code/report.js", path = "/code/total.js" }))
            .RefusedByCloud(409, "NAME_TAKEN");
        (await cloud.Alice.Send(HttpMethod.Put, content + "/code/lib/total.js", Actor.Bytes(module, "text/javascript"))).Ok();
        (await cloud.Alice.Delete($"/query/{name}/{App}/total")).Ok();
        (await cloud.Alice.Send(HttpMethod.Put, content + "/code/total.js", Actor.Bytes(module, "text/javascript"))).Ok();
    }

    [Fact]
    public async Task A_query_is_replaced_by_its_name_and_deleted_once()
    {
        var (name, id) = await Workspace();
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q", ast = "count" })).Ok(201);
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q", ast = "age < 40 | count" })).Ok(201);
        Assert.Equal(1, (await Run(id, "q", "{}"))!.Value.GetInt64());
        Assert.Single(await Queries.List(id, App));
        (await cloud.Alice.Delete($"/query/{name}/{App}/q")).Ok();
        (await cloud.Alice.Delete($"/query/{name}/{App}/q")).RefusedByCloud(404, "NOT_FOUND");
        Assert.Null(await Run(id, "q", "{}"));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        var (name, _) = await Workspace();
        (await cloud.Alice.Post($"/query/{name}/{App}", new
        {
            name = "_rmx_q",
            ast = Ast("""["comparison","~","a"]"""),
            db = "a/b",
            skip = -1,
            limit = 10_001,
            include_deleted = "maybe"
        })).InvalidForCloud("name", "ast", "db", "skip", "limit", "include_deleted");
        (await cloud.Alice.Post($"/query/{name}/{App}", new { })).InvalidForCloud("name", "ast");
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q", ast = "age > 3 3" })).InvalidForCloud("ast");
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q", ast = 7 })).InvalidForCloud("ast");
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q", ast = Ast("""[["comparison","~","a",1],["what"]]""") }))
            .InvalidForCloud("ast.0.1", "ast.1.0");
        var details = (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q", ast = Ast("""[["what"]]""") }))["details"];
        Assert.Equal("""["ast",0,0]""", details[0].GetProperty("path").GetRawText());
        Assert.Empty(await Queries.List((await Workspace()).Id, App));
    }

    [Fact]
    public async Task Values_that_are_missing_or_do_not_fit_are_all_named()
    {
        var (name, id) = await Workspace();
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "q", ast = "a == $a and b in $b and c in [$c, 1] and d like $d" })).Ok(201);
        var fault = await Assert.ThrowsAsync<Fault>(() => Run(id, "q", """{"b":1,"c":[1],"d":7}"""));
        Assert.Equal(["a", "b", "c", "d"], fault.Details!.Select(issue => (string)issue.Path[0]).Distinct().Order());
        Assert.Equal(400, fault.Status);
        Assert.Empty(Names(await Run(id, "q", """{"a":1,"b":[1],"c":null,"d":"x","more":true}""")));
    }

    [Theory]
    [InlineData("' or '1'='1")]
    [InlineData("\"; drop table cloud_records; --")]
    [InlineData("$1")]
    [InlineData("%")]
    [InlineData("_")]
    public async Task What_looks_like_SQL_is_a_value_or_a_name_like_any_other(string text)
    {
        var (name, id) = await Workspace();
        var content = JsonSerializer.SerializeToElement(new Dictionary<string, object> { [text] = text, ["name"] = "odd", [text + "n"] = 5 });
        await Services.GetRequiredService<RecordStore>().Change(id, App, "alice", RecordChange.Save(content));
        var ast = new object[]
        {
            new object[] { "comparison", "==", text, new[] { "param", "p" } }, new object[] { "comparison", "like", text, text },
            new object[] { "comparison", "contains", text, text }, new object[] { "comparison", "in", text, new[] { text } },
            new object[] { "invoke", new[] { "token", "orderAsc" }, new[] { text, text + "n" } },
        };
        (await cloud.Alice.Post($"/query/{name}/{App}", new { name = "odd", ast })).Ok(201);
        Assert.Equal(["odd"], Names(await Run(id, "odd", JsonSerializer.Serialize(new { p = text }))));
        Assert.Empty(Names(await Run(id, "odd", """{"p":"Ada"}""")));
    }

    [Fact]
    public async Task Only_who_may_write_the_app_registers_and_deletes()
    {
        var (name, _) = await Workspace();
        var body = new { name = "q", ast = "count" };
        (await cloud.Carol.Post($"/query/{name}/{App}", body)).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Nobody.Post($"/query/{name}/{App}", body)).RefusedByCloud(401, "TOKEN_MISSING");
        await cloud.Grant(name, "user/bob", "runner", $"db/{App}");
        (await cloud.Bob.Post($"/query/{name}/{App}", body)).RefusedByCloud(403, "PERMISSION_DENIED");
        await cloud.Grant(name, "user/bob", "editor", $"db/{App}");
        (await cloud.Bob.Post($"/query/{name}/{App}", body)).Ok(201);
        (await cloud.Bob.Post($"/query/{name}/other", body)).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Bob.Post($"/query/{name}/{App}", new { name = "q2", ast = "count", db = "other" })).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Post($"/query/{name}/made", body)).Ok(201);
        (await cloud.Bob.Delete($"/query/{name}/{App}/q")).Ok();
    }

    [Fact]
    public async Task Another_apps_records_are_asked_only_for_who_may_read_them()
    {
        var (name, id) = await Workspace();
        (await cloud.Alice.Post($"/query/{name}/front", new { name = "q", ast = "count", db = App })).Ok(201);
        Assert.Equal(3, (await Queries.Run(id, "front", "q", default, app => app == App))!.Value.GetInt64());
        Assert.Equal(403, (await Assert.ThrowsAsync<Fault>(() => Queries.Run(id, "front", "q", default, _ => false))).Status);
    }

    private Task<JsonElement?> Run(string id, string query, string values) =>
        Queries.Run(id, App, query, JsonDocument.Parse(values).RootElement, _ => false);

    private static IEnumerable<string> Names(JsonElement? rows) => rows!.Value.EnumerateArray().Select(row => row.GetProperty("name").GetString()!);

    private static JsonElement Ast(string text) => JsonDocument.Parse(text).RootElement;

    /// <summary>A workspace with three people, one of whom was changed, and one who left.</summary>
    private async Task<(string Name, string Id)> Workspace()
    {
        var name = await cloud.NewWorkspace();
        var id = await cloud.World.Database.Read(session => session.Scalar<string>("select id from cloud_workspaces where name = $1", name));
        var store = Services.GetRequiredService<RecordStore>();
        await store.Change(id!, App, "alice", [Save("""{"name":"Ada","age":36}"""), Save("""{"name":"Grace","age":85}"""),
            Save("""{"name":"Linus","age":55}""")]);
        var grace = (await store.All(id!, App, RecordScope.Current, 1, 1)).Records[0];
        await store.Change(id!, App, "alice", RecordChange.Upsert(Ast("""{"age":45}"""), grace.Id));
        var gone = await store.Change(id!, App, "alice", Save("""{"name":"Gone","age":1}"""));
        await store.Change(id!, App, "alice", RecordChange.Delete(gone.Record.Id));
        return (name, id!);
    }

    private static RecordChange Save(string content) => RecordChange.Save(Ast(content));
}
