using FsCheck;
using FsCheck.Fluent;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class MessagePagingTests(World world) : IClassFixture<World>
{
    [Fact]
    public void Walking_pages_while_others_talk_shows_what_was_said_before_once_and_in_order()
    {
        var walks = from count in Gen.Choose(0, 120)
                    from page in Gen.Choose(1, 40)
                    from forward in Gen.Elements(true, false)
                    from batch in Gen.Choose(1, 25)
                    select (count, page, forward, batch);
        Prop.ForAll(walks.ToArbitrary(), walk => Walk(walk.count, walk.page, walk.forward, walk.batch).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(12));
    }

    private async Task Walk(int count, int page, bool forward, int batch)
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover, world.Bot);
        var before = new List<string>();
        while (before.Count < count)
        {
            var messages = Enumerable.Range(before.Count, Math.Min(batch, count - before.Count)).Select(i => new { body = $"{i}" }).ToArray();
            var sent = (await world.Atlas.Post($"/rooms/{room}/send-batch", new { messages })).Ok();
            before.AddRange(sent["messages"].EnumerateArray().Select(message => message.GetProperty("message_id").GetString()!));
        }

        using var stop = new CancellationTokenSource();
        var others = new[] { world.Rover, world.Bot }.Select(other => Chatter(other, room, stop.Token)).ToArray();
        var seen = forward ? await Forward(room, page, count) : await Backward(room, page);
        await stop.CancelAsync();
        await Task.WhenAll(others);

        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(before, seen.Where(new HashSet<string>(before, StringComparer.Ordinal).Contains));
    }

    private async Task<List<string>> Forward(string room, int page, int least)
    {
        var seen = new List<string>();
        var after = "2000-01-01T00:00:00Z";
        while (true)
        {
            var read = (await world.Atlas.Get($"/rooms/{room}/messages?limit={page}&after={Uri.EscapeDataString(after)}")).Ok();
            seen.AddRange(read.Items.Select(message => message.GetProperty("message_id").GetString()!));
            if (read.Items.Count == 0 || seen.Count >= least)
            {
                return seen;
            }

            after = read.Items[^1].GetProperty("created_at").GetString()!;
        }
    }

    private async Task<List<string>> Backward(string room, int page)
    {
        var seen = new List<string>();
        var place = "";
        while (true)
        {
            var read = (await world.Atlas.Get($"/rooms/{room}/messages?limit={page}{place}")).Ok();
            seen.AddRange(read.Items.Select(message => message.GetProperty("message_id").GetString()!));
            if (!read["has_more"].GetBoolean())
            {
                seen.Reverse();
                return seen;
            }

            place = $"&before={Uri.EscapeDataString(read.Items[^1].GetProperty("created_at").GetString()!)}";
        }
    }

    private static async Task Chatter(Actor actor, string room, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await actor.Say(room, "chatter");
        }
    }
}
