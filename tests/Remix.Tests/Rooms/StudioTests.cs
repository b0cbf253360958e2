using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class StudioTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Everybody_has_a_default_studio_and_rooms_go_there()
    {
        var user = await world.NewUser();
        var found = (await world.Nobody.Get($"/studios/{user.Name}/default")).Ok(200);
        Assert.True(found["is_default"].GetBoolean());
        Assert.Equal((0L, 0L), (found.Number("subscriber_count"), found.Number("creation_count")));
        Assert.False(found.Json.TryGetProperty("is_subscribed", out _));
        var room = (await user.Post("/rooms", new { room_id = $"{user.Name}/one" })).Ok(201);
        Assert.Equal($"{user.Name}/default", room.String("studio_id"));
        var mine = (await user.Get("/me/studios")).Ok();
        Assert.Equal([($"{user.Name}/default", 1L)],
            mine.Items.Select(studio => (studio.Text("studio_id"), studio.GetProperty("room_count").GetInt64())));
        (await world.Nobody.Get("/studios/never-there/default")).Refused(404, "NOT_FOUND");
        (await user.Delete($"/studios/{user.Name}/default")).Refused(409, "DEFAULT_STUDIO");
        (await user.Post("/studios", new { studio_id = $"{user.Name}/default" })).Refused(409, "STUDIO_EXISTS");
        Assert.Equal("Mine", (await user.Send(HttpMethod.Patch, $"/studios/{user.Name}/default",
            Actor.Json(new { name = "Mine" }))).Ok().String("name"));
        (await world.Nobody.Get("/studios/alice/default")).Ok();
    }

    [Fact]
    public async Task A_studio_is_made_changed_and_archived_by_its_owner()
    {
        var user = await world.NewUser();
        var id = $"{user.Name}/ai-news";
        var made = (await user.Post("/studios", new { studio_id = id, name = "AI News", description = "Daily.", tags = new[] { "ai" } })).Ok(201);
        Assert.Equal(("AI News", "listed", user.Name), (made.String("name"), made.String("visibility"), made.String("owner")));
        (await user.Post("/studios", new { studio_id = id })).Refused(409, "STUDIO_EXISTS");
        (await world.Alice.Post("/studios", new { studio_id = id })).Refused(403, "NOT_YOUR_NAMESPACE");
        (await world.Atlas.Post("/studios", new { studio_id = "alice/x" })).Refused(403, "USER_TOKEN_NEEDED");
        (await user.Post("/studios", new { studio_id = "no pair", avatar_url = "javascript:alert(1)", visibility = "open" }))
            .Invalid("studio_id", "avatar_url", "visibility");

        var changed = (await Patch(user, id, new { description = (string?)null, banner_url = "https://x.example/b.png" })).Ok();
        Assert.Equal(("AI News", "https://x.example/b.png"), (changed.String("name"), changed.String("banner_url")));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, changed["description"].ValueKind);
        (await Patch(user, id, new { })).Invalid("name");
        (await Patch(user, id, new { name = (string?)null, banner_url = "data:x" })).Invalid("name", "banner_url");
        (await Patch(world.Alice, id, new { name = "Hers" })).Refused(403, "FORBIDDEN");
        (await world.Alice.Delete($"/studios/{id}")).Refused(403, "FORBIDDEN");

        (await user.Delete($"/studios/{id}")).Ok();
        (await world.Alice.Get($"/studios/{id}")).Refused(404, "NOT_FOUND");
        Assert.True((await user.Get($"/studios/{id}")).Ok()["archived"].GetBoolean());
        var refused = (await user.Post("/rooms", new { room_id = $"{user.Name}/r", studio_id = id })).Refused(409, "STUDIO_ARCHIVED");
        (await user.Post("/rooms", new { room_id = $"{user.Name}/r", studio_id = $"{user.Name}/never" })).Invalid("studio_id");

        Assert.Equal(404, (await world.Alice.Post($"/studios/{id}/unarchive")).Status);
        Assert.False((await user.Post(refused["fix"].Text("path"))).Ok()["archived"].GetBoolean());
        (await world.Alice.Get($"/studios/{id}")).Ok();
        (await user.Post("/rooms", new { room_id = $"{user.Name}/r", studio_id = id })).Ok(201);
    }

    [Fact]
    public async Task Private_rooms_are_counted_for_the_owner_alone()
    {
        var user = await world.NewUser();
        foreach (var visibility in new[] { "private", "listed", "open" })
        {
            (await user.Post("/rooms", new { room_id = $"{user.Name}/{visibility}", visibility })).Ok(201);
        }

        var studio = $"/studios/{user.Name}/default";
        Assert.Equal((3L, 2L, 2L), ((await user.Get(studio)).Ok().Number("room_count"), (await world.Alice.Get(studio)).Ok().Number("room_count"),
            (await world.Nobody.Get(studio)).Ok().Number("room_count")));
    }

    [Fact]
    public async Task What_is_private_is_its_owners_and_what_is_unlisted_needs_its_address()
    {
        var user = await world.NewUser();
        var word = world.FreshName("theme");
        foreach (var visibility in new[] { "listed", "unlisted", "private" })
        {
            (await user.Post("/studios", new { studio_id = $"{user.Name}/{visibility}", name = $"The {word} {visibility}", visibility })).Ok(201);
        }

        (await world.Alice.Get($"/studios/{user.Name}/private")).Refused(404, "NOT_FOUND");
        (await world.Alice.Post($"/studios/{user.Name}/private/subscribe")).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get($"/studios/{user.Name}/private/creations")).Refused(404, "NOT_FOUND");
        (await world.Alice.Get($"/studios/{user.Name}/unlisted")).Ok();
        Assert.Equal([$"{user.Name}/listed"], Ids(await world.Alice.Get($"/studios?q={word.ToUpperInvariant()}")));
        Assert.Equal(3, Ids(await user.Get($"/studios?q={word}")).Count());
        Assert.Equal([$"{user.Name}/listed"], Ids(await world.Nobody.Get($"/studios?owner={user.Name}")));
        Assert.Empty(Ids(await world.Nobody.Get("/studios?q=100%25")));
    }

    [Fact]
    public async Task Subscribing_is_a_switch()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(configure: services => services.Replace(clock));
        var user = await own.NewUser();
        var id = $"{user.Name}/default";
        (await own.Bob.Put($"/studios/{id}/subscribe", new { notify = true })).Refused(409, "NOT_SUBSCRIBED");
        var on = (await own.Bob.Post($"/studios/{id}/subscribe")).Ok(200);
        Assert.Equal((true, 1L), (on["subscribed"].GetBoolean(), on.Number("subscriber_count")));
        clock.Advance(TimeSpan.FromSeconds(1));
        (await own.Carol.Post($"/studios/{id}/subscribe")).Ok();
        Assert.True((await own.Bob.Get($"/studios/{id}")).Ok()["is_subscribed"].GetBoolean());
        Assert.Equal(["carol", "bob"], (await own.Nobody.Get($"/studios/{id}/subscribers")).Ok().Items.Select(one => one.Text("user_id")));
        Assert.False((await own.Bob.Put($"/studios/{id}/subscribe", new { notify = false })).Ok()["notify"].GetBoolean());
        (await own.Bob.Put($"/studios/{id}/subscribe", new { notify = "yes" })).Invalid("notify");
        var followed = (await own.Bob.Get("/me/subscriptions")).Ok().Items.Single(studio => studio.Text("studio_id") == id);
        Assert.False(followed.GetProperty("notify").GetBoolean());
        Assert.False((await own.Bob.Post($"/studios/{id}/subscribe")).Ok()["subscribed"].GetBoolean());
        Assert.Equal(1, (await own.Nobody.Get($"/studios/{id}")).Ok().Number("subscriber_count"));
        (await own.Nobody.Post($"/studios/{id}/subscribe")).Refused(401, "TOKEN_MISSING");
        (await own.Rover.Post($"/studios/{id}/subscribe")).Refused(403, "USER_TOKEN_NEEDED");
    }

    [Fact]
    public async Task Pressed_many_times_at_once_it_is_on_or_off_and_the_count_is_right()
    {
        var user = await world.NewUser();
        var answers = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => world.Bob.Post($"/studios/{user.Name}/default/subscribe")));
        Assert.Equal(8, answers.Count(answer => answer.Ok()["subscribed"].GetBoolean()));
        Assert.Equal(1, (await world.Nobody.Get($"/studios/{user.Name}/default")).Ok().Number("subscriber_count"));
    }

    [Fact]
    public async Task They_are_sorted_by_subscribers_by_age_or_by_the_last_week()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(configure: services => services.Replace(clock));
        foreach (var name in new[] { "first", "second" })
        {
            (await own.Alice.Post("/studios", new { studio_id = $"alice/{name}" })).Ok(201);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await own.Bob.Post("/studios/alice/first/subscribe")).Ok();
        (await own.Carol.Post("/studios/alice/first/subscribe")).Ok();
        clock.Advance(TimeSpan.FromDays(8));
        (await own.Bob.Post("/studios/alice/second/subscribe")).Ok();
        Assert.Equal("alice/first", Ids(await own.Nobody.Get("/studios?owner=alice")).First());
        Assert.Equal("alice/second", Ids(await own.Nobody.Get("/studios?owner=alice&sort=newest")).First());
        Assert.Equal("alice/second", Ids(await own.Nobody.Get("/studios?owner=alice&sort=trending")).First());
        Assert.Equal("alice/second", Ids(await own.Nobody.Get("/studios?owner=alice&limit=1&offset=1")).Single());
        (await own.Nobody.Get("/studios?sort=best")).Invalid("sort");
    }

    [Fact]
    public async Task A_studio_shows_its_rooms_and_what_they_published()
    {
        var studio = $"alice/{world.FreshName("studio")}";
        (await world.Alice.Post("/studios", new { studio_id = studio })).Ok(201);
        var open = await world.NewRoom(world.Atlas, new(StringComparer.Ordinal) { ["studio_id"] = studio });
        await Task.Delay(2);
        var hidden = await world.NewRoom(world.Atlas, new(StringComparer.Ordinal) { ["studio_id"] = studio, ["visibility"] = "private" });
        var one = (await world.Atlas.Publish(open)).Id();
        var two = (await world.Atlas.Publish(hidden)).Id();
        await world.Atlas.Publish(await world.NewRoom(world.Atlas));

        Assert.Equal([open], (await world.Nobody.Get($"/studios/{studio}/rooms")).Ok().Items.Select(room => room.Text("room_id")));
        Assert.Equal([hidden, open], (await world.Alice.Get($"/studios/{studio}/rooms")).Ok().Items.Select(room => room.Text("room_id")));
        var feed = (await world.Nobody.Get($"/studios/{studio}/creations?limit=1")).Ok();
        Assert.Equal((two, 2L, true), (feed.Items.Single().Text("id"), feed.Number("total"), feed["has_more"].GetBoolean()));
        var next = (await world.Nobody.Get($"/studios/{studio}/creations?before={feed.Items[0].Text("published_at")}")).Ok();
        Assert.Equal([one], next.Items.Select(creation => creation.Text("id")));
        Assert.Equal(2, (await world.Nobody.Get($"/studios/{studio}")).Ok().Number("creation_count"));

        (await world.Bob.Post("/rooms", new { room_id = "bob/x", studio_id = studio })).Refused(403, "NOT_YOUR_STUDIO");
        (await world.Alice.Post("/rooms", new { room_id = "alice/x", studio_id = "alice/none" })).Invalid("studio_id");
        (await world.Alice.Post("/rooms", new { room_id = "alice/x", studio_id = "none" })).Invalid("studio_id");
    }

    [Fact]
    public async Task Who_leaves_takes_studios_and_subscriptions_along()
    {
        var (owner, fan) = (await world.NewUser(), await world.NewUser());
        (await owner.Post("/studios", new { studio_id = $"{owner.Name}/s" })).Ok(201);
        (await fan.Post($"/studios/{owner.Name}/s/subscribe")).Ok();
        (await fan.Post("/studios/alice/default/subscribe")).Ok();
        (await owner.Post($"/studios/{fan.Name}/default/subscribe")).Ok();
        (await owner.Delete($"/users/{owner.Name}")).Ok();
        (await world.Nobody.Get($"/studios/{owner.Name}/s")).Refused(404, "NOT_FOUND");
        Assert.Equal(0, (await fan.Get($"/studios/{fan.Name}/default")).Ok().Number("subscriber_count"));
        Assert.Equal(1, (await fan.Get("/me/subscriptions")).Ok().Number("total"));
    }

    private static Task<Answer> Patch(Actor actor, string studio, object body) =>
        actor.Send(HttpMethod.Patch, $"/studios/{studio}", Actor.Json(body));

    private static IEnumerable<string> Ids(Answer answer) => answer.Ok().Items.Select(studio => studio.Text("studio_id"));
}
