using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Events;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class SearchTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task All_words_must_occur_in_the_text_or_what_goes_with_it()
    {
        var room = await world.NewRoom(world.Atlas);
        var first = await Say(room, "Zirconium melts late", new { type = "finding", note = "furnace Ärger", temp = 1855 });
        var second = await Say(room, "zirconium, again!");
        await Finds("zirconium again", second);

        await Finds("ZIRCONIUM", second, first);
        await Finds("zirconium furnace", first);
        await Finds("zirconium arger", first);
        await Finds("zirconium 1855", first);
        await Finds($"zirconium&metadata_type=finding", first);
        await Finds($"zirconium&room={room}", second, first);
        await Finds("zirconium&sender=alice/atlas", second, first);
        await Finds("zirconium&room=alice/lab");
        await Finds("zirconium&sender=bob/rover");
        await Finds("zirconium&limit=1&offset=1", first);
        await Finds("zirconium sunshine");

        var page = (await world.Nobody.Get("/search/messages?q=zirconium&limit=1")).Ok();
        Assert.Equal((2, 1, 0, true), (page.Number("total"), page.Number("limit"), page.Number("offset"), page["has_more"].GetBoolean()));
        Assert.False(page.Json.TryGetProperty("fuzzy", out _));
        Assert.Equal("zirconium, again!", page.Items[0].GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("nuclear fusion", "nucelar")]
    [InlineData("protein folding", "protien")]
    [InlineData("quantum weather", "quantm")]
    [InlineData("kaleidoscope", "kaleidosc")]
    [InlineData("archaeopteryx bones", "archeopterix bones")]
    public async Task A_slip_of_the_finger_is_forgiven_when_nothing_fits_exactly(string body, string question)
    {
        var room = await world.NewRoom(world.Atlas);
        await Say(room, body);
        var found = await Patience.Until(() => Search($"{question}&room={room}"), answer => answer.Items.Count == 1);
        Assert.True(found["fuzzy"].GetBoolean());
        Assert.Equal(body, found.Items[0].GetProperty("body").GetString());
    }

    [Fact]
    public async Task Scripts_without_spaces_are_found_by_a_part()
    {
        var room = await world.NewRoom(world.Atlas);
        var id = await Say(room, "日本語のテスト");
        await Finds("本語", id);
        await Finds("ト", id);
    }

    [Fact]
    public async Task Only_what_everybody_may_read_is_found()
    {
        var den = await world.NewRoom(world.Atlas, new() { ["visibility"] = "private" });
        var listed = await world.NewRoom(world.Atlas, new() { ["visibility"] = "listed" });
        var encrypted = await world.NewRoom(world.Atlas, new() { ["encrypted"] = true });
        var moderated = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, world.Rover);
        await Say(den, "xylophone");
        await Say(listed, "xylophone");
        (await world.Atlas.SayEncrypted(encrypted, "xylophone")).Ok();
        var pending = (await world.Rover.Say(moderated, "xylophone yes")).String("message_id");
        var refused = (await world.Rover.Say(moderated, "xylophone no")).String("message_id");
        await Task.Delay(2);
        var shown = await Say(await world.NewRoom(world.Atlas), "xylophone here");
        await Finds("xylophone", shown);

        (await world.Atlas.Post($"/rooms/{moderated}/moderate/{pending}", new { action = "approve" })).Ok();
        (await world.Atlas.Post($"/rooms/{moderated}/moderate/{refused}", new { action = "reject" })).Ok();
        await Finds("xylophone yes", pending);
        await Finds("xylophone", shown, pending);
    }

    [Fact]
    public async Task An_edit_is_found_by_its_new_words_only()
    {
        var room = await world.NewRoom(world.Atlas);
        var id = await Say(room, "yttrium");
        await Finds("yttrium", id);
        (await world.Atlas.Put($"/rooms/{room}/messages/{id}", new { body = "ytterbium" })).Ok();
        await Finds("ytterbium", id);
        await Finds("yttrium&room=" + room);
    }

    [Fact]
    public async Task A_room_that_closes_is_silent_at_once_and_one_that_opens_soon_speaks()
    {
        var room = await world.NewRoom(world.Atlas);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Insert(0, await Say(room, $"wolfram {i}"));
        }

        await Finds("wolfram", [.. ids]);
        await SetVisibility(room, "private");
        Assert.Empty((await Search("wolfram")).Items);
        Assert.Equal(0, (await Search("wolfram")).Number("total"));
        await SetVisibility(room, "open");
        await Finds("wolfram", [.. ids]);
    }

    [Fact]
    public async Task What_its_sender_takes_along_is_no_longer_found()
    {
        var user = await world.NewUser();
        var agent = await world.NewAgent(user);
        var room = await world.NewRoom(world.Atlas);
        (await agent.Post($"/rooms/{room}/join")).Ok();
        var id = (await agent.Say(room, "vanadium")).String("message_id");
        await Finds("vanadium", id);
        (await user.Delete($"/users/{user.Name}")).Ok();
        Assert.Empty((await Search("vanadium")).Items);
    }

    [Fact]
    public async Task A_question_needs_a_word()
    {
        (await world.Nobody.Get("/search/messages")).Invalid("q");
        (await world.Nobody.Get("/search/messages?q=%20!!%20&limit=x&offset=-1")).Invalid("q", "limit", "offset");
        (await world.Nobody.Get("/search/messages?q=" + new string('x', 201))).Invalid("q");
        foreach (var odd in new[] { "\"", "a\" OR \"b", "x*", "NEAR(a b)", "tokens:x", "'; drop table", "\\", "a&b|c", "-x", "x:*", "😀 x" })
        {
            (await world.Nobody.Get("/search/messages?q=" + Uri.EscapeDataString(odd + " word"))).Ok();
        }
    }

    [Fact]
    public async Task A_lost_or_damaged_index_is_made_again()
    {
        await using var own = await World.Start();
        (await own.Atlas.Say(World.Lab, "tantalum before")).Ok();
        await Found(own, "tantalum", 1);
        await own.Stop();
        var file = Path.Combine(own.Settings.DataDirectory, "search.db");
        if (!TestDatabase.IsPostgres)
        {
            File.Delete(file + "-wal");
            await File.WriteAllBytesAsync(file, new byte[100_000]);
        }

        await own.Restart();
        (await own.Atlas.Say(World.Lab, "tantalum after")).Ok();
        await Found(own, "tantalum", 2);
        await own.Stop();
        File.Delete(file);
        await own.Restart();
        await Found(own, "tantalum", 2);
    }

    private static Task Found(World world, string question, int count) =>
        Patience.Until(() => world.Nobody.Get($"/search/messages?q={question}"), answer => answer.Ok().Items.Count == count);

    private Task<Answer> Search(string question) => world.Nobody.Get($"/search/messages?q={question}");

    private async Task<string> Say(string room, string body, object? metadata = null) =>
        (await world.Atlas.Post($"/rooms/{room}/send", new { body, metadata })).Ok().String("message_id");

    private async Task Finds(string question, params string[] expected) => await Patience.Until(
        async () => (await Search(question)).Ok(),
        answer => expected.SequenceEqual(answer.Items.Select(item => item.GetProperty("message_id").GetString()!), StringComparer.Ordinal));

    private async Task SetVisibility(string room, string visibility)
    {
        await world.Database.Write(async session =>
        {
            await session.Execute("update rooms set visibility = $1 where room_id = $2", visibility, room);
        });
        world.Services.GetRequiredService<Signals>().Send("rooms", room);
    }

    [Fact]
    public async Task An_archived_room_is_not_searched_until_it_comes_back()
    {
        var room = await world.NewRoom(world.Atlas);
        var id = await Say(room, "rhodium");
        await Finds("rhodium", id);
        Assert.Contains((await world.Nobody.Get("/activity")).Ok().Items, item => item.Text("message_id") == id);
        (await world.Atlas.Post($"/rooms/{room}/archive")).Ok();
        Assert.Equal(0, (await Search("rhodium")).Ok().Number("total"));
        Assert.DoesNotContain((await world.Nobody.Get("/activity")).Ok().Items, item => item.Text("message_id") == id);
        (await world.Atlas.Post($"/rooms/{room}/unarchive")).Ok();
        await Finds("rhodium", id);
    }

    [Fact]
    public async Task A_picture_is_a_word()
    {
        var room = await world.NewRoom(world.Atlas);
        var id = await Say(room, "launched🚀🧪 ✅");
        foreach (var question in new[] { "🚀", "🧪", "✅", "launched 🚀" })
        {
            await Finds(Uri.EscapeDataString(question) + $"&room={room}", id);
        }

        Assert.Empty((await Search(Uri.EscapeDataString("🛑") + $"&room={room}")).Ok().Items);
    }
}
