using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>However many runs wait, and in however many places, whoever ends their wait finds his way.</summary>
public class WaitingRunsTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    private const int Runs = 200, Places = 32;

    [Fact]
    public async Task Two_hundred_runs_that_wait_in_thirty_two_places_keep_no_sender_out()
    {
        var app = await AgentApp.New(cloud);
        await app.Agent("create", "return { ids: await Promise.all(params.n.map(async () => (await remix.signals.create()).id)) };");
        await app.Agent("wait", """
            await remix.db.save({ n: params.n });
            const heard = await Promise.all(params.ids.map((id) => remix.signals.await(id)));
            return { sum: heard.reduce((sum, one) => sum + one.value, 0) };
            """);
        await app.Agent("ask", "return remix.agents.call('wait', params);");
        await app.Agent("count", "return { count: (await remix.db.head()).count };");
        await app.Agent("send", "await remix.signals.send(params.id, params.value); return {};");
        var ids = (await app.Run("create", new { n = new int[Places] })).Ok(200).List("ids").Select(id => id.GetString()).ToList();

        // A quarter of them wait for another run, which waits.
        var waiting = Enumerable.Range(0, Runs).Select(n => app.Run(n % 4 == 0 ? "ask" : "wait", new { n, ids })).ToList();
        await Patience.Until(async () => (await app.Run("count")).Ok(200).Number("count"), count => count == Runs, seconds: 60);
        Assert.DoesNotContain(waiting, run => run.IsCompleted);
        for (var value = 0; value < Places; value++)
        {
            (await app.Run("send", new { id = ids[value], value })).Ok(200);
        }

        Assert.All(await Task.WhenAll(waiting), run => Assert.Equal(Places * (Places - 1) / 2, run.Ok(200).Number("sum")));
    }
}
