using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class DiscoveryTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Agents_are_found_by_name_id_and_capability()
    {
        var me = await world.NewAgent(world.Carol);
        (await me.Put("/agents/me", new { name = "Crystallographer", capabilities = new[] { "protein-folding", "x-ray" } })).Ok();
        foreach (var q in new[] { "crystallo", "PROTEIN", "x-ray", $"{me.Name}", "crystallographer protein", "tallog" })
        {
            var found = (await world.Nobody.Get($"/marketplace/agents?q={Uri.EscapeDataString(q)}")).Ok();
            Assert.Equal([me.Name], found.Items.Select(item => item.GetProperty("agent_id").GetString()));
            Assert.False(found.Json.TryGetProperty("fuzzy", out _));
        }

        var fuzzy = await Patience.Until(() => world.Nobody.Get("/marketplace/agents?q=protien"), answer => answer.Ok().Items.Count == 1);
        Assert.True(fuzzy["fuzzy"].GetBoolean());
        var item = fuzzy.Items[0];
        foreach (var field in ("agent_id user_id name status capabilities available_at card readme score online last_seen public_key "
            + "created_at is_available").Split(' '))
        {
            Assert.True(item.TryGetProperty(field, out _), field);
        }

        Assert.False(item.TryGetProperty("config", out _));
        Assert.Empty((await world.Nobody.Get("/marketplace/agents?q=crystallo&available=true")).Ok().Items);
        (await me.Put("/agents/me/availability", new { available = true })).Ok();
        var offer = (await world.Nobody.Get("/marketplace/agents?q=crystallo&available=true")).Ok().Items[0];
        Assert.True(offer.GetProperty("is_available").GetBoolean());
        Assert.Equal(me.Name, (await world.Nobody.Get("/marketplace/agents?limit=1")).Ok().Items[0].GetProperty("agent_id").GetString());
        (await world.Carol.Post($"/agents/{me.Name}/archive")).Ok();
        Assert.Empty((await world.Nobody.Get("/marketplace/agents?q=crystallo")).Ok().Items);
    }

    [Fact]
    public async Task Rooms_that_may_be_known_are_found()
    {
        var room = await world.NewRoom(world.Atlas, new()
        {
            ["name"] = "Quantum garden",
            ["description"] = "Where flowers entangle",
            ["tags"] = new[] { "botany" },
        });
        var hidden = await world.NewRoom(world.Atlas, new() { ["name"] = "Quantum cellar", ["visibility"] = "private" });
        (await world.Atlas.Say(room, "first")).Ok();
        foreach (var q in new[] { "quantum", "QUANTUM flowers", "botany", room })
        {
            Assert.Equal([room], (await world.Nobody.Get($"/marketplace/rooms?q={Uri.EscapeDataString(q)}")).Ok().Items
                .Select(item => item.GetProperty("room_id").GetString()));
        }

        var fuzzy = await Patience.Until(() => world.Nobody.Get("/marketplace/rooms?q=quantm"), answer => answer.Ok().Items.Count == 1);
        Assert.True(fuzzy["fuzzy"].GetBoolean());
        foreach (var field in ("room_id name creator encrypted moderated description readme tags visibility score archived remixed_from created_at "
            + "member_count online_count message_count last_message_at").Split(' '))
        {
            Assert.True(fuzzy.Items[0].TryGetProperty(field, out _), field);
        }

        Assert.Equal((1, 1, 1), (fuzzy.Items[0].GetProperty("member_count").GetInt32(), fuzzy.Items[0].GetProperty("message_count").GetInt32(),
            fuzzy.Items[0].GetProperty("online_count").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, fuzzy.Items[0].GetProperty("last_message_at").ValueKind);
        Assert.DoesNotContain(hidden, (await world.Nobody.Get("/marketplace/rooms?limit=1000")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_have_an_end()
    {
        await using var own = await World.Start();
        for (var i = 0; i < 3; i++)
        {
            await own.NewRoom(own.Atlas);
        }

        var page = (await own.Nobody.Get("/marketplace/rooms?limit=3&offset=0")).Ok();
        Assert.Equal((4L, 3L, 0L, true), (page.Number("total"), page.Number("limit"), page.Number("offset"), page["has_more"].GetBoolean()));
        var rest = (await own.Nobody.Get("/marketplace/rooms?limit=3&offset=3")).Ok();
        Assert.False(rest["has_more"].GetBoolean());
        Assert.Single(rest.Items);
        Assert.Equal(100, (await own.Nobody.Get("/marketplace/agents?limit=5000")).Ok().Number("limit"));
        (await own.Nobody.Get("/marketplace/agents?limit=0&offset=-1&available=perhaps")).Invalid("limit", "offset", "available");
        foreach (var odd in new[] { "%", "_", "'", "\"", "!", "\\", "😀" })
        {
            Assert.Empty((await own.Nobody.Get("/marketplace/rooms?q=" + Uri.EscapeDataString(odd))).Ok().Items);
        }

        Assert.All((await own.Nobody.Get("/marketplace/agents?q=_")).Ok().Items,
            item => Assert.Contains('_', item.GetProperty("agent_id").GetString()!));
    }

    [Fact]
    public async Task The_numbers_of_the_server_add_up()
    {
        await using var own = await World.Start();
        (await own.Atlas.Say(World.Lab, "one")).Ok();
        (await own.Fox.Put("/agents/me/availability", new { available = true })).Ok();
        var stats = (await own.Nobody.Get("/marketplace/stats")).Ok();
        Assert.Equal([4L, 2L, 1L, 1L, 1L], new[] { "agents", "rooms", "messages", "public_rooms", "available" }.Select(stats.Number));
        Assert.Equal([0L, 0L, 0L, 0L], new[] { "creations", "published_creations", "total_likes", "total_remixes" }.Select(stats.Number));
    }

    [Fact]
    public async Task Activity_is_what_was_said_last_where_everybody_may_read()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(configure: services => services.Replace(clock));
        var encrypted = await own.NewRoom(own.Atlas, new() { ["encrypted"] = true, ["name"] = "Vault" });
        (await own.Atlas.Say(World.Den, "private")).Ok();
        for (var i = 0; i < 5; i++)
        {
            (await own.Atlas.Say(World.Lab, $"{i}")).Ok();
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        (await own.Atlas.SayEncrypted(encrypted)).Ok();
        var first = (await own.Nobody.Get("/activity?limit=3")).Ok();
        Assert.Equal([null, "4", "3"], first.Items.Select(item => item.GetProperty("body").GetString()));
        Assert.Equal(("Vault", true), (first.Items[0].GetProperty("room_name").GetString(), first.Items[0].GetProperty("encrypted").GetBoolean()));
        Assert.True(first["has_more"].GetBoolean());
        var before = first.Items[^1].GetProperty("created_at").GetString()!;
        var second = (await own.Nobody.Get($"/activity?limit=10&before={Uri.EscapeDataString(before)}")).Ok();
        Assert.Equal(["2", "1", "0"], second.Items.Select(item => item.GetProperty("body").GetString()));
        (await own.Nobody.Get("/activity?limit=x&before=y")).Invalid("limit", "before");
    }

    [Fact]
    public async Task Activity_of_one_moment_in_many_rooms_is_paged_by_id()
    {
        await using var own = await World.Start(configure: services => services.Replace(new FakeClock()));
        var rooms = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => own.NewRoom(own.Atlas)));
        foreach (var room in rooms)
        {
            (await own.Atlas.Say(room, "all at once")).Ok();
        }

        var found = new List<string>();
        for (var page = (await own.Nobody.Get("/activity?limit=2")).Ok(); page.Items.Count > 0;)
        {
            found.AddRange(page.Items.Select(item => item.Text("room_id")));
            page = (await own.Nobody.Get($"/activity?limit=2&before={page.Items[^1].Text("message_id")}")).Ok();
        }

        Assert.Equal(rooms.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }
}
