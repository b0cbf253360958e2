using Remix.Platform.Settings;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

public class WorkspaceTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task A_workspace_has_the_name_it_was_given_and_a_name_is_given_once()
    {
        var made = (await cloud.Alice.Post("/ws", new { name = "Taken-Once_1" })).Ok(201);
        Assert.Equal(("Taken-Once_1", "alice"), (made.String("name"), made.String("owner")));
        (await cloud.Bob.Post("/ws", new { name = "Taken-Once_1" })).RefusedByCloud(409, "WORKSPACE_EXISTS");
        Assert.Contains((await cloud.Alice.Get("/ws/")).Ok().List("workspaces"), workspace => workspace.Text("name") == "Taken-Once_1");
        Assert.DoesNotContain((await cloud.Bob.Get("/ws/")).Ok().List("workspaces"), workspace => workspace.Text("name") == "Taken-Once_1");
    }

    [Theory]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("x_rmx_y")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public async Task A_name_follows_the_rule(string name) => (await cloud.Alice.Post("/ws", new { name })).InvalidForCloud("name");

    [Fact]
    public async Task Many_who_want_one_name_do_not_share_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => cloud.Alice.Post("/ws", new { name = "contested" })));
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(11, answers.Count(answer => answer.Status == 409));
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_its_name_is_free_with_nothing_left_of_it()
    {
        var ws = await cloud.NewWorkspace();
        await cloud.Grant(ws, "user/carol", "admin", "workspace");
        (await cloud.Carol.Delete($"/ws/{ws}")).Ok();
        (await cloud.Alice.Get($"/v1/ws/{ws}")).RefusedByCloud(404, "NOT_FOUND");
        (await cloud.Alice.Delete($"/ws/{ws}")).RefusedByCloud(404, "NOT_FOUND");
        Assert.Equal(ws, await cloud.NewWorkspace(ws));
        (await cloud.Carol.Get($"/v1/ws/{ws}")).RefusedByCloud(404, "NOT_FOUND");
        Assert.Equal(1, (await cloud.Alice.Post($"/count-activities/{ws}")).Ok().Number("count"));
    }

    [Theory]
    [InlineData("editor", "workspace", 403)]
    [InlineData("admin", "db/a", 403)]
    [InlineData("runner", "agent/a/x", 403)]
    [InlineData("admin", "workspace", 200)]
    public async Task Only_admins_of_the_whole_delete_it(string role, string resource, int status)
    {
        var ws = await cloud.NewWorkspace();
        await cloud.Grant(ws, "user/carol", role, resource);
        Assert.Equal(status, (await cloud.Carol.Delete($"/ws/{ws}")).Status);
    }

    [Fact]
    public async Task A_user_who_goes_takes_the_workspaces_along_and_leaves_no_permission_to_the_next_of_the_name()
    {
        var world = cloud.World;
        var user = await world.NewUser();
        var actor = world.OnCloud(user);
        var own = (await actor.Post("/ws")).Ok(201).String("name");
        await cloud.NewWorkspace("stays");
        await cloud.Grant("stays", $"user/{user.Name}", "editor", "workspace");
        (await actor.Get("/v1/ws/stays")).Ok();
        var signal = (await actor.Post("/v1/signals")).Ok().String("url");

        (await user.Delete($"/users/{user.Name}")).Ok();
        (await actor.Get("/v1/ws")).RefusedByCloud(401, "TOKEN_UNKNOWN");
        var again = world.OnCloud(await world.NewUser(user.Name));
        Assert.Empty((await again.Get("/v1/ws")).Ok().List("workspaces"));
        (await again.Get("/v1/ws/stays")).RefusedByCloud(404, "NOT_FOUND");
        (await again.Get($"/v1/ws/{own}")).RefusedByCloud(404, "NOT_FOUND");
        (await again.Get($"{signal}?timeout=0")).RefusedByCloud(404, "NOT_FOUND");
        (await again.Post("/ws", new { name = own })).Ok(201);
    }

    [Fact]
    public async Task The_operator_says_who_may_make_workspaces()
    {
        await using var world = await World.Start(settings => settings with
        {
            Cloud = new CloudSettings { Creators = ["user/bob", "domain/example.com"] },
        });
        (await world.OnCloud(world.Alice).Post("/ws")).RefusedByCloud(403, "FORBIDDEN");
        (await world.OnCloud(world.Bob).Post("/ws")).Ok(201);
        await world.Database.Write(async session => await session.Execute(
            "update users set email = $1, email_verified = $2 where user_id = 'carol'", "carol@example.com", true));
        (await world.OnCloud(world.Carol).Post("/ws")).Ok(201);
        (await world.OnCloud(world.Nobody).Post("/ws")).RefusedByCloud(401, "TOKEN_MISSING");
    }
}
