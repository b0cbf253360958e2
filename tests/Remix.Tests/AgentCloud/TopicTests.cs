using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Topics;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Faults;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

public class TopicTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task Everybody_who_listens_hears_every_message_in_order()
    {
        var (ws, topic) = await NewTopic("public/application/news");
        await using var first = await TopicEar.Open(cloud.Nobody, topic);
        await using var second = await TopicEar.Open(cloud.Alice, "/subscribe//" + topic["/subscribe/".Length..]);
        await using var escaped = await TopicEar.Open(cloud.Nobody, "/subscribe/" + Uri.EscapeDataString(topic["/subscribe".Length..]));
        for (var n = 0; n < 40; n++)
        {
            await Speak(ws, topic, $"{{\"n\": {n},\n \"text\":\"a b\"}}");
        }

        foreach (var ear in new[] { first, second, escaped })
        {
            for (var n = 0; n < 40; n++)
            {
                Assert.Equal(n, (await ear.Next()).GetProperty("n").GetInt32());
            }
        }
    }

    [Fact]
    public async Task What_was_set_is_heard_first_by_who_comes_later_and_what_was_only_said_is_not()
    {
        var (ws, topic) = await NewTopic("public/application/state");
        await Speak(ws, topic, "1", retain: true);
        await Speak(ws, topic, "2", retain: true);
        await Speak(ws, topic, "3");
        await using var ear = await TopicEar.Open(cloud.Nobody, topic);
        Assert.Equal(2, (await ear.Next()).GetInt32());
        await Speak(ws, topic, "4");
        Assert.Equal(4, (await ear.Next()).GetInt32());
    }

    /// <summary>Nobody in particular, alice, bob, and bob by his address.</summary>
    [Theory]
    [InlineData("public/application/x", "200 200 200")]
    [InlineData("shared/application/x", "401 200 200")]
    [InlineData("user/bob/x", "401 404 200")]
    [InlineData("user/bob@example.org/x/y", "401 404 200")]
    [InlineData("user/BOB/x", "401 404 200")]
    [InlineData("user/carol/x", "401 404 404")]
    public async Task A_topic_is_for_whom_its_name_says(string rest, string expected)
    {
        await cloud.VerifyEmail("bob", "bob@example.org");
        var (_, topic) = await NewTopic(rest);
        await Patience.Until(() => Status(cloud.Bob, topic), status => status == int.Parse(expected.Split(' ')[2], null));
        Assert.Equal(expected, $"{await Status(cloud.Nobody, topic)} {await Status(cloud.Alice, topic)} {await Status(cloud.Bob, topic)}");
    }

    [Theory]
    [InlineData("/subscribe", 400)]
    [InlineData("/subscribe/news", 400)]
    [InlineData("/subscribe/cloud/127.0.0.1/ws/w/app/a/public/application", 400)]
    [InlineData("/subscribe/cloud/127.0.0.1/ws/w/app/a/public/other/x", 400)]
    [InlineData("/subscribe/cloud/127.0.0.1/ws/w/app/a/secret/application/x", 400)]
    [InlineData("/subscribe/cloud/127.0.0.1/ws/_rmx_w/app/a/public/application/x", 400)]
    [InlineData("/subscribe/cloud/127.0.0.1/ws/w/app/a/public/application/x%00y", 400)]
    [InlineData("/subscribe/cloud/127.0.0.1/ws/none/app/a/public/application/x", 404)]
    public async Task What_is_no_topic_is_refused(string path, int status) => Assert.Equal(status, (await cloud.Alice.Get(path)).Status);

    [Fact]
    public async Task Another_servers_topics_are_not_here()
    {
        var (_, topic) = await NewTopic("public/application/x");
        (await cloud.Alice.Get(topic.Replace("127.0.0.1", "elsewhere.example", StringComparison.Ordinal))).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task An_agent_speaks_on_the_topics_of_its_own_app_only()
    {
        var (ws, topic) = await NewTopic("public/application/x");
        var other = topic.Replace("/app/a/", "/app/b/", StringComparison.Ordinal);
        Assert.Equal(403, (await Assert.ThrowsAsync<Fault>(() => Speak(ws, other, "1"))).Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<Fault>(() => Speak(ws, "/subscribe/x", "1"))).Status);
        Assert.Equal(413, (await Assert.ThrowsAsync<Fault>(() => Speak(ws, topic, '"' + new string('x', 64 * 1024) + '"'))).Status);
    }

    [Fact]
    public async Task Between_messages_there_is_a_sign_of_life_every_fifteen_seconds()
    {
        var clock = new FakeClock();
        await using var world = await World.Start(null, services => services.Replace(clock));
        (await world.OnCloud(world.Alice).Post("/ws", new { name = "w" })).Ok();
        await using var ear = await TopicEar.Open(world.OnCloud(world.Nobody), "/subscribe/cloud/127.0.0.1/ws/w/app/a/public/application/x");
        var heard = ear.Line();
        for (var i = 0; i < 7; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(20);
        }

        Assert.False(heard.IsCompleted);
        for (var i = 0; i < 100 && !heard.IsCompleted; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(20);
        }

        Assert.Equal(":", await heard);
    }

    [Fact]
    public async Task Who_does_not_keep_up_is_let_go()
    {
        var (ws, topic) = await NewTopic("public/application/flood");
        var hub = cloud.World.Services.GetRequiredService<TopicHub>();
        using var slow = await hub.Join(TopicStore.KeyOf(ws.Id, "a/public/application/flood"));
        for (var n = 0; n <= TopicHub.QueueMax + 5; n++)
        {
            await Speak(ws, topic, $"{n}");
        }

        var heard = new List<string>();
        await foreach (var message in slow.Messages.ReadAllAsync())
        {
            heard.Add(message);
        }

        Assert.Equal(TopicHub.QueueMax, heard.Count);
    }

    [Fact]
    [Trait(TestDatabase.Only, "postgres")]
    public async Task What_is_said_on_one_node_is_heard_on_another()
    {
        await using var world = await World.Start();
        await using var second = await world.StartSecondNode();
        (await world.OnCloud(world.Alice).Post("/ws", new { name = "w" })).Ok();
        const string Topic = "/subscribe/cloud/127.0.0.1/ws/w/app/a/public/application/x";
        await using var ear = await TopicEar.Open(second.OnCloud(second.Nobody), Topic);
        var facts = (await world.Services.GetRequiredService<WorkspaceDirectory>().Find("w"))!;
        for (var n = 0; n < 10; n++)
        {
            await world.Services.GetRequiredService<TopicStore>().Speak(facts.Id, "a/public/application/x", $"{n}", retain: false);
            Assert.Equal(n, (await ear.Next()).GetInt32());
        }
    }

    private static async Task<int> Status(Actor actor, string path)
    {
        var (status, _) = await TopicEar.Knock(actor, path);
        return status;
    }

    private async Task<(WorkspaceFacts Workspace, string Path)> NewTopic(string rest)
    {
        var ws = await cloud.NewWorkspace();
        var facts = (await cloud.World.Services.GetRequiredService<WorkspaceDirectory>().Find(ws))!;
        return (facts, $"/subscribe/cloud/127.0.0.1/ws/{ws}/app/a/{rest}");
    }

    private Task Speak(WorkspaceFacts ws, string path, string json, bool retain = false) => cloud.World.Services.GetRequiredService<CloudTopics>()
        .Speak(ws, new AgentName(ws.Name, "a", "x"), path["/subscribe".Length..].Replace("127.0.0.1", "localhost",
            StringComparison.Ordinal), json, retain);
}
