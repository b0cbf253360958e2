using System.Net.WebSockets;
using System.Text;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class LiveTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Hello_comes_first_and_says_who_is_there()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await world.Atlas.Say(room, "before");
        await using var rover = await world.Rover.Listen(room);
        await rover.Any();

        await using var socket = await world.Atlas.Listen(room, 0);
        await using var stream = await world.Atlas.ListenByStream(room, 0);
        foreach (var ear in new Ear[] { socket, stream })
        {
            var hello = await ear.Any();
            Assert.Equal(("hello", room, "alice/atlas"),
                (hello.Type, hello.Data.GetProperty("room_id").GetString(), hello.Data.GetProperty("you").GetString()));
            var newest = (await world.Atlas.Get($"/rooms/{room}/messages?limit=1")).Ok().Items[0].GetProperty("seq").GetInt64();
            Assert.Equal(newest, hello.Data.GetProperty("seq").GetInt64());
            var members = hello.Data.GetProperty("members").EnumerateArray().ToDictionary(
                member => member.GetProperty("agent_id").GetString()!, member => member.GetProperty("online").GetBoolean(), StringComparer.Ordinal);
            Assert.True(members["bob/rover"]);
        }
    }

    [Fact]
    public async Task Without_a_place_one_hears_what_is_new_and_with_one_what_came_after_it()
    {
        var room = await world.NewRoom(world.Atlas);
        var seqs = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            seqs.Add((await world.Atlas.Say(room, $"{i}")).Number("seq"));
        }

        await using var fresh = await world.Atlas.Listen(room);
        await fresh.Any();
        await using var resumed = await world.Atlas.Listen(room, seqs[2]);
        await using var stream = await world.Atlas.ListenByStream(room, null, ("Last-Event-ID", $"{seqs[2]}"));
        await using var future = await world.Atlas.Listen(room, 1_000_000);
        await Task.WhenAll(future.Any(), stream.Any());
        var last = (await world.Atlas.Say(room, "last")).Number("seq");

        Assert.Equal(last, (await fresh.Next()).Seq);
        Assert.Equal(last, (await future.Next()).Seq);
        foreach (var ear in new Ear[] { resumed, stream })
        {
            Assert.Equal([seqs[3], seqs[4], last], [(await ear.Next()).Seq, (await ear.Next()).Seq, (await ear.Next()).Seq]);
        }

        Assert.Equal($"{last}", stream.LastEventId);
    }

    [Fact]
    public async Task A_long_absence_is_made_up_for_in_pages()
    {
        var room = await world.NewRoom(world.Atlas);
        for (var batch = 0; batch < 30; batch++)
        {
            (await world.Atlas.Post($"/rooms/{room}/send-batch",
                new { messages = Enumerable.Range(0, 50).Select(i => new { body = $"{batch}.{i}" }) })).Ok();
        }

        await using var socket = await world.Atlas.Listen(room, 0);
        await using var stream = await world.Atlas.ListenByStream(room, 0);
        foreach (var ear in new Ear[] { socket, stream })
        {
            for (var seq = 1; seq <= 1501; seq++)
            {
                Assert.Equal(seq, (await ear.Next()).Seq);
            }
        }
    }

    [Fact]
    public async Task A_token_may_come_as_header_subprotocol_query_or_first_frame()
    {
        var url = $"{world.BaseUrl}/rooms/{World.Den}/ws";
        await using var byProtocol = await SocketEar.Open(url, [], "remix.token." + world.Rover.Token);
        Assert.Equal("remix.token." + world.Rover.Token, byProtocol.SubProtocol);
        await using var byQuery = await SocketEar.Open($"{url}?token={world.Rover.Token}", []);
        await using var byFrame = await SocketEar.Open(url, []);
        await byFrame.Say($$"""{"type":"auth","token":"{{world.Rover.Token}}","after_seq":0}""");
        foreach (var ear in new[] { byProtocol, byQuery, byFrame })
        {
            Assert.Equal("bob/rover", (await ear.Any()).Data.GetProperty("you").GetString());
        }

        Assert.Equal(1, (await byFrame.Next()).Seq);
        await using var stream = await StreamEar.Open(world.Http, $"{world.BaseUrl}/rooms/{World.Den}/stream?token={world.Rover.Token}", []);
        Assert.Equal("hello", (await stream.Any()).Type);
    }

    [Theory]
    [InlineData("""{"type":"auth","token":"wrong"}""")]
    [InlineData("""{"type":"auth","token":5}""")]
    [InlineData("""{"type":"auth"}""")]
    [InlineData("""{"type":"ping"}""")]
    [InlineData("""{"token":"x"}""")]
    [InlineData("[1]")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Who_does_not_say_first_who_it_is_is_sent_away(string frame)
    {
        await using var ear = await SocketEar.Open($"{world.BaseUrl}/rooms/{World.Den}/ws", []);
        await ear.Say(frame);
        Assert.Equal(4001, await ear.Closed());
    }

    [Fact]
    public async Task Strangers_hear_open_rooms_and_do_not_know_of_private_ones()
    {
        await using var open = await world.Fox.Listen(World.Lab);
        Assert.Equal("hello", (await open.Any()).Type);
        Assert.Equal(404, (await Assert.ThrowsAsync<RefusedHandshakeException>(() => world.Fox.Listen(World.Den))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<RefusedHandshakeException>(() => world.Fox.ListenByStream(World.Den))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<RefusedHandshakeException>(() => world.Fox.Listen("alice/ghost"))).Status);
        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedHandshakeException>(() => world.Nobody.ListenByStream(World.Lab))).Status);
        Assert.Equal(401, (await Assert.ThrowsAsync<RefusedHandshakeException>(() => world.As("x", "wrong").Listen(World.Lab))).Status);

        await using var byFrame = await SocketEar.Open($"{world.BaseUrl}/rooms/{World.Den}/ws", []);
        await byFrame.Say($$"""{"type":"auth","token":"{{world.Fox.Token}}"}""");
        Assert.Equal(4001, await byFrame.Closed());
    }

    [Fact]
    public async Task An_ordinary_request_is_told_to_upgrade()
    {
        (await world.Atlas.Get($"/rooms/{World.Lab}/ws")).Refused(426, "UPGRADE_REQUIRED");
        (await world.Atlas.Get($"/rooms/{World.Lab}/ws", ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "12"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="))).Refused(426, "UPGRADE_REQUIRED");
    }

    [Fact]
    public async Task Ping_is_answered_and_typing_is_told_but_not_kept()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var atlas = await world.Atlas.Listen(room);
        await using var rover = await world.Rover.Listen(room);
        await rover.Any();
        await atlas.Say("""{"type":"ping"}""");
        Assert.Equal(0, (await atlas.Next("pong")).Seq);
        await atlas.Say("""{"type":"typing"}""");
        Assert.Equal("alice/atlas", (await rover.Next("typing")).Data.GetProperty("member").GetString());
        Assert.Equal(1, (await atlas.Next("typing")).Seq + 1);
    }

    [Theory]
    [InlineData("""{"type":"message","body":"x"}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"type":5}""")]
    [InlineData("")]
    public async Task A_frame_that_means_nothing_is_answered_and_ends_nothing(string frame)
    {
        await using var ear = await world.Atlas.Listen(World.Lab);
        await ear.Say(frame);
        Assert.Equal("UNKNOWN_FRAME", (await ear.Next("error")).Data.GetProperty("code").GetString());
        await ear.Say("""{"type":"ping"}""");
        await ear.Next("pong");
    }

    [Fact]
    public async Task Bytes_are_read_like_text_and_a_huge_frame_ends_the_connection()
    {
        await using var ear = await world.Atlas.Listen(World.Lab);
        await ear.Say(Encoding.UTF8.GetBytes("""{"type":"ping"}"""), WebSocketMessageType.Binary);
        await ear.Next("pong");
        await ear.Say(new string('x', 20_000));
        Assert.Equal(1009, await ear.Closed());
    }

    [Fact]
    public async Task Who_comes_and_goes_is_told()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var atlas = await world.Atlas.Listen(room);
        await atlas.Next("hello");
        await using (var first = await world.Rover.Listen(room))
        {
            Assert.True(await Online("bob/rover"));
            await using var second = await world.Rover.ListenByStream(room);
            await second.Any();
            await first.Close();
            await first.Closed();
            await world.Atlas.Say(room, "one of two has gone");
            Assert.Equal("message", (await atlas.Until(heard => heard.Type is "message" or "presence")).Type);
        }

        Assert.False(await Online("bob/rover"));
        return;

        async Task<bool> Online(string member) => (await atlas.Until(heard =>
            heard.Type == "presence" && heard.Data.GetProperty("member").GetString() == member)).Data.GetProperty("online").GetBoolean();
    }

    [Fact]
    public async Task A_slow_reader_is_closed_and_resumes_without_loss()
    {
        var room = await world.NewRoom(world.Atlas);
        await using var quick = await world.Atlas.Listen(room);
        await quick.Any();
        await using var slow = await SocketEar.Open($"{world.BaseUrl}/rooms/{room}/ws?after_seq=0",
            [("Authorization", "Bearer " + world.Atlas.Token)], receiveBuffer: 4096);
        await slow.Any();
        var heard = Task.Run(async () =>
        {
            var seqs = new List<long>();
            while (seqs.Count < 1500)
            {
                seqs.Add((await quick.Next()).Seq);
            }

            return seqs;
        });

        // More than the ring holds, and more bytes than the system keeps for somebody who does not read.
        var body = new string('x', 16_000);
        for (var batch = 0; batch < 30; batch++)
        {
            (await world.Atlas.Post($"/rooms/{room}/send-batch", new { messages = Enumerable.Range(0, 50).Select(_ => new { body }) })).Ok();
        }

        Assert.Equal(Enumerable.Range(2, 1500).Select(seq => (long)seq), await heard);
        long last = 0;
        var code = await slow.Closed(frame =>
        {
            if (frame.Seq > 0 && frame.Type != "hello")
            {
                Assert.Equal(last + 1, frame.Seq);
                last = frame.Seq;
            }
        });

        Assert.Equal(4008, code);
        Assert.InRange(last, 1, 1500);
        await using var resumed = await world.Atlas.Listen(room, last);
        while (last < 1501)
        {
            Assert.Equal(++last, (await resumed.Next()).Seq);
        }
    }

    [Fact]
    public async Task When_the_server_stops_everybody_is_told_to_come_back()
    {
        await using var own = await World.Start();
        await using var socket = await own.Atlas.Listen(World.Lab);
        await using var stream = await own.Atlas.ListenByStream(World.Lab);
        await Task.WhenAll(socket.Any(), stream.Any());
        var seq = (await own.Atlas.Say(World.Lab, "last words")).Number("seq");

        var stopped = own.Stop();
        Assert.Equal(1012, await socket.Closed());
        Assert.Equal(1012, await stream.Closed());
        await stopped;

        await own.Restart();
        await using var again = await own.Atlas.Listen(World.Lab, seq - 1);
        Assert.Equal("last words", (await again.Next()).Data.GetProperty("body").GetString());
    }

    [Fact]
    public async Task A_room_that_goes_ends_its_connections()
    {
        var user = await world.NewUser();
        var room = await world.NewRoom(await world.NewAgent(user), null, world.Rover);
        await using var ear = await world.Rover.Listen(room);
        await ear.Any();
        (await user.Delete($"/users/{user.Name}")).Ok();
        Assert.Equal(4003, await ear.Closed());
    }

    /// <summary>Two nodes need PostgreSQL.</summary>
    [Fact, Trait(TestDatabase.Only, "postgres")]
    public async Task What_happens_on_one_node_is_heard_on_the_other()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var second = await world.StartSecondNode();
        try
        {
            await using var there = await second.As("bob/rover", world.Rover.Token).Listen(room);
            await there.Any();
            for (var i = 0; i < 20; i++)
            {
                var seq = (await world.Atlas.Say(room, "hello over there")).Number("seq");
                Assert.Equal(seq, (await there.Next()).Seq);
            }

            (await world.Rover.Post($"/rooms/{room}/leave")).Ok();
            Assert.Equal(4003, await there.Closed());
        }
        finally
        {
            await second.DisposeAsync();
        }
    }
}
