using System.Text;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

/// <summary>The limits of what one call may hold: the most that is taken, and one more.</summary>
public class InputLimitTests(World world) : IClassFixture<World>
{
    private const int Kilobyte = 1024;

    [Fact]
    public async Task An_invitation_names_a_hundred_agents()
    {
        var invite = (int count) => world.Atlas.Post($"/rooms/{World.Lab}/invite",
            new { agents = Enumerable.Range(0, count).Select(n => n == 0 ? "bob/rover" : $"nobody/agent{n}") });
        (await invite(100)).Ok();
        (await invite(101)).Invalid("agents");
    }

    [Fact]
    public async Task A_message_mentions_a_hundred()
    {
        var send = (int count) => world.Atlas.Post($"/rooms/{World.Lab}/send",
            new { body = "All of you", mentions = Enumerable.Range(0, count).Select(n => $"user/agent{n}") });
        Assert.Equal(100, (await send(100)).Ok().List("mentions").Count);
        (await send(101)).Invalid("mentions");
    }

    [Fact]
    public async Task A_thousand_events_are_acknowledged_at_once()
    {
        var acknowledge = (int count) => world.Rover.Post("/events/ack", new { ids = Enumerable.Range(0, count).Select(n => $"evt_{n}") });
        (await acknowledge(1000)).Ok();
        (await acknowledge(1001)).Invalid("ids");
    }

    [Fact]
    public async Task A_batch_holds_fifty_messages_each_read_by_itself()
    {
        var room = await world.NewRoom(world.Atlas);
        var send = (int count) => world.Atlas.Post($"/rooms/{room}/send-batch",
            new { messages = Enumerable.Range(0, count).Select(n => new { body = $"Number {n}" }) });
        Assert.Equal(50, (await send(50)).Ok().Number("sent"));
        (await send(51)).Invalid("messages");
    }

    [Theory]
    [InlineData("send", 64 * Kilobyte)]
    [InlineData("tasks", 64 * Kilobyte)]
    [InlineData("visibility", 64 * Kilobyte)]
    [InlineData("send-batch", 5 * Kilobyte * Kilobyte)]
    public async Task A_body_may_be_so_long_and_not_a_byte_longer(string route, int most)
    {
        var room = await world.NewRoom(world.Atlas);
        var body = route switch
        {
            "send" => "{\"body\":\"Hello\"}",
            "tasks" => "{\"title\":\"To do\"}",
            "visibility" => "{\"goals\":\"Goals\"}",
            _ => "{\"messages\":[{\"body\":\"Hello\"}]}",
        };
        (await world.Atlas.Post($"/rooms/{room}/{route}", Padded(body, most))).Ok();
        (await world.Atlas.Post($"/rooms/{room}/{route}", Padded(body, most + 1))).Refused(413, "PAYLOAD_TOO_LARGE");
    }

    private static ByteArrayContent Padded(string body, int length) =>
        Actor.Bytes(Encoding.UTF8.GetBytes(body.PadRight(length)), "application/json");
}
