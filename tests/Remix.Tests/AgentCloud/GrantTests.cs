using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

public class GrantTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task What_is_granted_twice_is_granted_once()
    {
        var ws = await cloud.NewWorkspace();
        var first = await cloud.Grant(ws, "user/Bob@Example.org", "runner", "agent/app1/agent1");
        Assert.Equal(first, await cloud.Grant(ws, "user/bob@example.org", "runner", "agent/app1/agent1"));
        var listed = (await cloud.Alice.Get($"/v1/ws/{ws}/permissions")).Ok().List("permissions");
        Assert.Equal(("user/bob@example.org", "runner", "agent/app1/agent1", "alice"), (listed[0].Text("subject"), listed[0].Text("role"),
            listed[0].Text("resource"), listed[0].Text("granted_by")));
        Assert.Single(listed);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_grant_is_told_at_once()
    {
        var ws = await cloud.NewWorkspace();
        (await cloud.Alice.Post($"/grant-permission/{ws}", new { })).InvalidForCloud("subject", "role", "resource");
        (await cloud.Alice.Post($"/grant-permission/{ws}", new { subject = "bob", role = "owner", resource = "app" }))
            .InvalidForCloud("subject", "role", "resource");
        foreach (var (role, resource) in new[] { ("editor", "agent/a/b"), ("admin", "agent/a/b"), ("db/creator", "db/a"), ("db/creator",
            "agent/a/b") })
        {
            (await cloud.Alice.Post($"/grant-permission/{ws}", new { subject = "all-users", role, resource })).InvalidForCloud("role");
        }
    }

    [Fact]
    public async Task Permissions_are_seen_and_taken_back_where_they_are()
    {
        var ws = await cloud.NewWorkspace();
        var whole = await cloud.Grant(ws, "all-users", "runner", "workspace");
        var app = await cloud.Grant(ws, "all-users", "editor", "db/a");
        var agent = await cloud.Grant(ws, "anonymous", "runner", "agent/a/x");
        var other = await cloud.Grant(ws, "anonymous", "runner", "agent/b/x");
        Assert.Equal([whole, app, agent, other], await Ids($"/v1/ws/{ws}/permissions"));
        Assert.Equal([app, agent], await Ids($"/v1/ws/{ws}/app/a/permissions"));
        Assert.Equal([agent], await Ids($"/v1/ws/{ws}/app/a/agent/x/permissions"));
        Assert.Equal("editor", (await cloud.Alice.Get($"/v1/ws/{ws}/app/a/permissions/{app}")).Ok().String("role"));
        (await cloud.Alice.Get($"/v1/ws/{ws}/app/a/permissions/{other}")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Delete($"/v1/ws/{ws}/app/a/agent/x/permissions/{app}")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Delete($"/v1/ws/{ws}/app/a/agent/x/permissions/{agent}")).Ok();
        (await cloud.Alice.Delete($"/v1/ws/{ws}/permissions/{agent}")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Delete($"/v1/ws/{ws}/app/a/permissions/{app}")).Ok();
        (await cloud.Alice.Delete($"/v1/ws/{ws}/permissions/{whole}")).Ok();
        Assert.Equal([other], await Ids($"/v1/ws/{ws}/permissions"));

        async Task<string[]> Ids(string path) => [.. (await cloud.Alice.Get(path)).Ok().List("permissions").Select(one => one.Text("id")).Order(
            Comparer<string>.Create((a, b) => Array.IndexOf([whole, app, agent, other], a).CompareTo(Array.IndexOf([whole, app, agent, other], b))))];
    }

    [Fact]
    public async Task A_permission_of_another_workspace_is_not_there()
    {
        var (one, other) = (await cloud.NewWorkspace(), await cloud.NewWorkspace());
        var id = await cloud.Grant(one, "all-users", "runner", "workspace");
        (await cloud.Alice.Delete($"/v1/ws/{other}/permissions/{id}")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Get($"/v1/ws/{one}/permissions/{id}")).Ok();
    }

    /// <summary>
    /// Carol with a role on a resource, and what she is answered: listing the workspace's permissions, app a's, app b's;
    /// granting on the workspace, on a, on an agent of a, on b; listing the apps.
    /// </summary>
    [Theory]
    [InlineData("", "", "404 404 404 404 404 404 404 404")]
    [InlineData("runner", "agent/a/x", "403 403 404 403 403 403 404 403")]
    [InlineData("runner", "workspace", "403 403 403 403 403 403 403 403")]
    [InlineData("editor", "workspace", "403 403 403 403 403 403 403 403")]
    [InlineData("db/creator", "workspace", "403 404 404 403 404 404 404 403")]
    [InlineData("editor", "db/a", "403 403 404 403 403 403 404 403")]
    [InlineData("admin", "db/a", "403 200 404 403 200 200 404 403")]
    [InlineData("admin", "workspace", "200 200 200 200 200 200 200 200")]
    public async Task Only_admins_of_the_place_see_and_grant_there(string role, string resource, string expected)
    {
        var ws = await cloud.NewWorkspace();
        if (role.Length > 0)
        {
            await cloud.Grant(ws, "user/carol", role, resource);
        }

        var answers = new List<Answer>
        {
            await cloud.Carol.Get($"/v1/ws/{ws}/permissions"),
            await cloud.Carol.Get($"/v1/ws/{ws}/app/a/permissions"),
            await cloud.Carol.Get($"/v1/ws/{ws}/app/b/permissions"),
        };
        foreach (var place in new[] { "workspace", "db/a", "agent/a/x", "db/b" })
        {
            answers.Add(await cloud.Carol.Post($"/grant-permission/{ws}", new { subject = "user/bob", role = "runner", resource = place }));
        }

        answers.Add(await cloud.Carol.Get($"/ws/{ws}"));
        Assert.Equal(expected, string.Join(' ', answers.Select(answer => answer.Status)));
        Assert.All(await Task.WhenAll(cloud.Nobody.Get($"/v1/ws/{ws}/permissions"), cloud.Nobody.Post($"/grant-permission/{ws}"),
            cloud.Nobody.Get($"/ws/{ws}"), cloud.Nobody.Get("/ws/none")), answer => answer.RefusedByCloud(401, "TOKEN_MISSING"));
    }

    [Fact]
    public async Task Who_may_only_create_apps_makes_one_and_is_its_admin()
    {
        var ws = await cloud.NewWorkspace();
        await cloud.Grant(ws, "user/carol", "db/creator", "workspace");
        (await Put(cloud.Alice, "taken")).Ok(201);

        (await Put(cloud.Carol, "taken")).RefusedByCloud(404, "NOT_FOUND");
        (await Put(cloud.Carol, "hers")).Ok(201);
        (await cloud.Carol.Post($"/query/{ws}/asked", new { name = "q", ast = "all" })).Ok(201);

        (await cloud.Carol.Post($"/grant-permission/{ws}", new { subject = "user/bob", role = "runner", resource = "db/hers" })).Ok();
        Assert.Equal(["hers", "asked"], (await cloud.Alice.Get($"/v1/ws/{ws}/permissions")).Ok().List("permissions")
            .Where(one => one.Text("role") == "admin").Select(one => one.Text("resource")["db/".Length..]));
        (await Put(cloud.Bob, "his")).RefusedByCloud(404, "NOT_FOUND");

        Task<Answer> Put(Actor by, string app) => by.Send(HttpMethod.Put, $"/v1/ws/{ws}/app/{app}/file-manager/content?path=/a.txt",
            Actor.Bytes([1], "text/plain"));
    }

    [Fact]
    public async Task What_was_taken_back_holds_no_longer()
    {
        var ws = await cloud.NewWorkspace();
        var id = await cloud.Grant(ws, "user/carol", "runner", "workspace");
        (await cloud.Carol.Get($"/v1/ws/{ws}")).Ok();
        (await cloud.Alice.Delete($"/v1/ws/{ws}/permissions/{id}")).Ok();
        (await cloud.Carol.Get($"/v1/ws/{ws}")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Only_a_verified_address_counts()
    {
        var world = cloud.World;
        var ws = await cloud.NewWorkspace();
        await cloud.Grant(ws, "domain/example.com", "runner", "workspace");
        var dora = world.OnCloud(await world.NewUser());
        await world.Database.Write(async session => await session.Execute(
            "update users set email = $1, email_verified = $2 where user_id = $3", "dora@example.com", false, dora.Name));
        (await dora.Get($"/v1/ws/{ws}")).RefusedByCloud(404, "NOT_FOUND");
        await cloud.VerifyEmail(dora.Name, "Dora@Example.com");
        await Patience.Until(() => dora.Get($"/v1/ws/{ws}"), answer => answer.Status == 200);
        var eve = world.OnCloud(await world.NewUser());
        await cloud.VerifyEmail(eve.Name, "eve@evilexample.com");
        (await eve.Get($"/v1/ws/{ws}")).RefusedByCloud(404, "NOT_FOUND");
    }
}
