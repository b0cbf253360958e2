using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Workspaces;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

public class IntrospectionTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task One_sees_the_apps_one_holds_something_on()
    {
        var ws = await WithApps("a", "b", "c");
        await cloud.Grant(ws, "user/bob", "editor", "db/a");
        await cloud.Grant(ws, "all-users", "runner", "agent/b/x");
        Assert.Equal(["a", "b", "c"], await Apps(cloud.Alice, ws));
        Assert.Equal(["a", "b"], await Apps(cloud.Bob, ws));
        Assert.Equal(["b"], await Apps(cloud.Carol, ws));
        Assert.Equal(["run", "export", "read", "write"],
            (await cloud.Bob.Get($"/v1/ws/{ws}/app/a")).Ok().List("rights").Select(right => right.GetString()));
        (await cloud.Bob.Get($"/v1/ws/{ws}/app/c")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Get($"/v1/ws/{ws}/app/d")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Get($"/v1/ws/{ws}/app/_rmx_")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Nobody.Get($"/v1/ws/{ws}/app/b")).RefusedByCloud(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task The_list_has_what_one_owns_or_was_granted_by_name()
    {
        var (own, granted, everybodys) = (await cloud.NewWorkspace(), await cloud.NewWorkspace(), await cloud.NewWorkspace());
        await cloud.Grant(granted, "user/bob", "runner", "agent/a/x");
        await cloud.Grant(everybodys, "all-users", "runner", "workspace");
        var listed = (await cloud.Bob.Get("/v1/ws")).Ok().List("workspaces").Select(workspace => workspace.Text("name")).ToList();
        Assert.Contains(granted, listed);
        Assert.DoesNotContain(own, listed);
        Assert.DoesNotContain(everybodys, listed);
        (await cloud.Bob.Get($"/v1/ws/{everybodys}")).Ok();
        Assert.Contains(own, (await cloud.Alice.Get("/v1/ws")).Ok().List("workspaces").Select(workspace => workspace.Text("name")));
    }

    [Fact]
    public async Task An_agent_that_one_may_not_run_is_not_there()
    {
        var ws = await WithApps("a");
        await cloud.Grant(ws, "user/bob", "runner", "agent/a/x");
        (await cloud.Bob.Get($"/v1/ws/{ws}/app/a/agent/y")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Bob.Get($"/v1/ws/{ws}/app/a/agent/x")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Carol.Get($"/v1/ws/{ws}/app/a/agent/x")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_deleted_app_takes_its_permissions_along()
    {
        var ws = await WithApps("a", "b");
        await cloud.Grant(ws, "user/bob", "admin", "db/a");
        await cloud.Grant(ws, "user/bob", "runner", "db/b");
        (await cloud.Bob.Delete($"/ws/{ws}/b")).RefusedByCloud(403, "PERMISSION_DENIED");
        (await cloud.Carol.Delete($"/ws/{ws}/a")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Bob.Delete($"/ws/{ws}/a")).Ok();
        (await cloud.Alice.Delete($"/ws/{ws}/a")).RefusedByCloud(404, "NOT_FOUND");
        Assert.Equal(["b"], (await cloud.Alice.Get($"/ws/{ws}")).Ok().List("apps").Select(app => app.GetString()));
        Assert.Single((await cloud.Alice.Get($"/v1/ws/{ws}/permissions")).Ok().List("permissions"));
    }

    private static async Task<string[]> Apps(Actor actor, string ws) =>
        [.. (await actor.Get($"/v1/ws/{ws}")).Ok().List("apps").Select(app => app.Text("name"))];

    private async Task<string> WithApps(params string[] names)
    {
        var ws = await cloud.NewWorkspace();
        var facts = await cloud.World.Services.GetRequiredService<WorkspaceDirectory>().Find(ws);
        foreach (var name in names)
        {
            await cloud.World.Services.GetRequiredService<CloudApps>().Create(facts!.Id, name, "alice");
        }

        return ws;
    }
}
