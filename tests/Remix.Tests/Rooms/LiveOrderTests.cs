using FsCheck;
using FsCheck.Fluent;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class LiveOrderTests(World world) : IClassFixture<World>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Everybody_hears_everything_once_and_in_order_however_often_they_reconnect()
    {
        var crowds = from writers in Gen.Choose(1, 6)
                     from each in Gen.Choose(1, 40)
                     from readers in Gen.Choose(1, 5)
                     from patience in Gen.Choose(1, 30)
                     select (writers, each, readers, patience);
        Prop.ForAll(crowds.ToArbitrary(), crowd => Talk(crowd.writers, crowd.each, crowd.readers, crowd.patience).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }

    private async Task Talk(int writers, int each, int readers, int patience)
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover, world.Bot);
        var actors = new[] { world.Atlas, world.Rover, world.Bot };

        // It begins with two: that it was made, and who was invited.
        var last = 2 + writers * each;
        using var enough = new CancellationTokenSource(Patience);
        var listening = Enumerable.Range(0, readers).Select(reader => Listen(actors[reader % 3], room, last, reader, patience, enough.Token))
            .ToArray();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (var i = 0; i < each; i++)
            {
                await actors[writer % 3].Say(room, $"{writer}.{i}");
            }
        }));

        foreach (var heard in await Task.WhenAll(listening))
        {
            Assert.Equal(Enumerable.Range(1, last).Select(seq => (long)seq), heard.Select(frame => frame.Seq));
            for (var writer = 0; writer < writers; writer++)
            {
                var own = heard.Where(frame => frame.Type == "message").Select(frame => frame.Data.GetProperty("body").GetString()!)
                    .Where(body => body.StartsWith($"{writer}.", StringComparison.Ordinal));
                Assert.Equal(Enumerable.Range(0, each).Select(i => $"{writer}.{i}"), own);
            }
        }
    }

    /// <summary>Listens until it has the last number, going without a word after every few frames and coming back with what it has.</summary>
    private static async Task<List<Heard>> Listen(Actor actor, string room, long last, int reader, int patience, CancellationToken enough)
    {
        var heard = new List<Heard>();
        var random = new System.Random(reader);
        while (heard.Count == 0 || heard[^1].Seq < last)
        {
            var place = heard.Count == 0 ? 0 : heard[^1].Seq;
            await using Ear ear = random.Next(2) == 0 ? await actor.Listen(room, place) : await actor.ListenByStream(room, place);
            for (var frames = random.Next(1, patience + 1); frames > 0 && (heard.Count == 0 || heard[^1].Seq < last);)
            {
                var frame = await ear.Hear(enough);
                Assert.NotNull(frame);
                if (frame.Seq > 0 && frame.Type != "hello")
                {
                    heard.Add(frame);
                    frames--;
                }
            }
        }

        return heard;
    }
}
