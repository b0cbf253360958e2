using System.Text;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

public class RunLogTests
{
    private const string Chatty =
        "export default () => { for (let i = 0; i < 100; i++) console.log('x'.repeat(1000)); return {}; };";

    [Fact]
    public async Task Of_a_workspace_that_writes_without_end_only_beginnings_are_kept_for_a_while()
    {
        var clock = new FakeClock();
        await using var world = await World.Start(null, services => services.Replace(clock));
        var alice = world.OnCloud(world.Alice);
        foreach (var workspace in (string[])["chatty", "other"])
        {
            (await alice.Post("/ws", new { name = workspace })).Ok();
            var file = $"/v1/ws/{workspace}/app/notes/file-manager/content?path=/code/talk.js&force=true";
            (await alice.Send(HttpMethod.Put, file,
                Actor.Bytes(Encoding.UTF8.GetBytes(Chatty), "application/octet-stream"))).Ok();
        }

        var lengths = new List<int>();
        for (var i = 0; i < 40; i++)
        {
            lengths.Add(await Kept("chatty"));
        }

        Assert.InRange(lengths[0], 60_000, 70_000);
        Assert.InRange(lengths[^1], 100, 2000);
        Assert.InRange(await Kept("other"), 60_000, 70_000);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.InRange(await Kept("chatty"), 60_000, 70_000);

        async Task<int> Kept(string workspace)
        {
            var id = (await alice.Post($"/run-agent/{workspace}/notes/talk")).Ok(200).Header("X-Run-Id");
            var run = (await alice.Get($"/v1/ws/{workspace}/app/notes/runs/{id}")).Ok();
            Assert.Contains("more lines are not kept", run.Text, StringComparison.Ordinal);
            return run.Bytes.Length;
        }
    }
}
