using System.Security.Cryptography;
using System.Text.Json;
using Remix.Rooms.Encryption;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class RoomKeyTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task The_first_member_makes_the_key_and_seals_it_for_all()
    {
        var room = await NewRoom(world.Rover);
        var before = (await world.Atlas.Get($"/rooms/{room}/keys")).Ok();
        Assert.Equal((1, false, "{}"), (before.Number("key_version"), before["exists"].GetBoolean(), before["wraps"].GetRawText()));
        Assert.Equal(["alice", "bob"], Lacking(before));
        Assert.Equal((await world.Nobody.Get("/agents/bob/rover/keys")).String("public_key"),
            before["missing"][1].GetProperty("public_key").GetString());

        await using var ear = await world.Rover.Listen(room);
        var (mine, theirs) = (Wrap(), Wrap());
        var shared = (await Share(world.Atlas, room, 1, ("alice", mine), ("bob", theirs))).Ok();
        Assert.Equal("""["alice","bob"]""", shared["added"].GetRawText());
        Assert.Equal("""["alice","bob"]""", (await ear.Next("key_shared")).Data.GetProperty("users").GetRawText());

        var own = (await world.Rover.Get($"/rooms/{room}/keys")).Ok();
        Assert.Equal(theirs, own["wraps"].GetProperty("bob").GetString());
        Assert.DoesNotContain(mine, own.Text, StringComparison.Ordinal);
        Assert.Equal("alice/atlas", own["keys"][0].GetProperty("wrapped_by").GetString());
        Assert.Empty(Lacking(own));

        // What is there and good is not replaced, by whomever.
        Assert.Equal("""["bob"]""", (await Share(world.Rover, room, 1, ("bob", Wrap()))).Ok()["kept"].GetRawText());
        Assert.Equal(theirs, (await world.Rover.Get($"/rooms/{room}/keys")).Ok()["wraps"].GetProperty("bob").GetString());
    }

    [Fact]
    public async Task A_new_member_asks_and_any_that_has_the_key_answers()
    {
        var room = await NewRoom(world.Rover);
        (await Share(world.Atlas, room, 1, ("alice", Wrap()), ("bob", Wrap()))).Ok();
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { "carol/fox" } })).Ok();
        await using var ear = await world.Rover.Listen(room);
        (await Share(world.Fox, room, 1, ("carol", Wrap()))).Refused(409, "KEY_EXISTS");
        Assert.Equal(1, (await world.Fox.Post($"/rooms/{room}/keys/request")).Ok().Number("key_version"));
        var asked = await ear.Next("key_requested");
        Assert.Equal(("carol", (await world.Nobody.Get("/agents/carol/fox/keys")).String("public_key")),
            (asked.Data.GetProperty("user_id").GetString(), asked.Data.GetProperty("public_key").GetString()));

        var sealed_ = Wrap();
        (await Share(world.Rover, room, 1, ("carol", sealed_))).Ok();
        Assert.Equal(sealed_, (await world.Fox.Get($"/rooms/{room}/keys")).Ok()["wraps"].GetProperty("carol").GetString());
        (await world.Fox.Post($"/rooms/{room}/keys/request")).Refused(409, "KEY_IS_THERE");

        (await world.Fox.Post($"/rooms/{room}/keys/request", new { discard = true })).Ok();
        Assert.Equal(["carol"], Lacking((await world.Atlas.Get($"/rooms/{room}/keys")).Ok()));
    }

    [Fact]
    public async Task Who_left_gets_no_later_key_but_keeps_nothing_from_the_others()
    {
        var second = await world.NewAgent(world.Carol);
        var room = await NewRoom(world.Rover, world.Fox, second);
        (await Share(world.Atlas, room, 1, ("alice", Wrap()), ("bob", Wrap()), ("carol", Wrap()))).Ok();
        await using var ear = await world.Atlas.Listen(room);

        (await world.Fox.Post($"/rooms/{room}/leave")).Ok();
        Assert.Equal(1, (await world.Atlas.Get($"/rooms/{room}/keys")).Ok().Number("key_version"));
        (await second.Post($"/rooms/{room}/leave")).Ok();
        var rotated = await ear.Next("key_rotated");
        Assert.Equal((2, "member_left"), (rotated.Data.GetProperty("key_version").GetInt64(), rotated.Data.GetProperty("reason").GetString()));

        (await Share(world.Rover, room, 2, ("bob", Wrap()), ("carol", Wrap()))).Invalid("wraps.carol");
        (await Share(world.Rover, room, 2, ("bob", Wrap()), ("alice", Wrap()))).Ok();
        (await world.Fox.Get($"/rooms/{room}/keys")).Refused(403, "NOT_A_MEMBER");
        var keys = (await world.Atlas.Get($"/rooms/{room}/keys")).Ok();
        Assert.Equal([2, 1], keys["keys"].EnumerateArray().Select(key => key.GetProperty("key_version").GetInt32()));

        // One that comes back may be given the old ones, and needs to be given the new one.
        (await world.Fox.Post($"/rooms/{room}/join")).Ok();
        Assert.Equal([1], (await world.Fox.Get($"/rooms/{room}/keys")).Ok()["keys"].EnumerateArray()
            .Select(key => key.GetProperty("key_version").GetInt32()));
    }

    [Fact]
    public async Task Of_two_that_make_the_key_at_once_one_is_told()
    {
        for (var i = 0; i < 5; i++)
        {
            var room = await NewRoom(world.Rover);
            var answers = await Task.WhenAll(Share(world.Atlas, room, 1, ("alice", Wrap())), Share(world.Rover, room, 1, ("bob", Wrap())));
            Assert.Single(answers, answer => answer.Status == 200);
            answers.Single(answer => answer.Status != 200).Refused(409, "KEY_EXISTS");
        }
    }

    [Fact]
    public async Task A_moderator_begins_a_new_version_and_regenerated_keys_are_missing_again()
    {
        var erin = await world.NewUser();
        var agent = await world.NewAgent(erin);
        var room = await NewRoom(world.Rover, agent);
        (await world.Rover.Post($"/rooms/{room}/keys/rotate")).Refused(403, "FORBIDDEN");
        (await Share(world.Atlas, room, 1, ("alice", Wrap()), ("bob", Wrap()), (erin.Name, Wrap()))).Ok();
        Assert.Equal(2, (await world.Alice.Post($"/rooms/{room}/keys/rotate")).Ok().Number("key_version"));
        Assert.Equal(3, Lacking((await world.Atlas.Get($"/rooms/{room}/keys")).Ok()).Length);
        (await Share(world.Atlas, room, 2, ("alice", Wrap()), ("bob", Wrap()), (erin.Name, Wrap()))).Ok();
        (await Share(world.Atlas, room, 3, ("alice", Wrap()))).Invalid("key_version");

        (await erin.Post("/auth/regenerate-key", new { confirm = true })).Ok();
        Assert.Equal([erin.Name], Lacking((await world.Atlas.Get($"/rooms/{room}/keys")).Ok()));
        Assert.Equal($"""["{erin.Name}"]""", (await Share(world.Rover, room, 2, (erin.Name, Wrap()))).Ok()["added"].GetRawText());
    }

    [Fact]
    public async Task A_key_that_nobody_has_any_more_is_not_made_again_under_its_number()
    {
        var room = await NewRoom();
        (await Share(world.Atlas, room, 1, ("alice", Wrap()))).Ok();
        Assert.Equal(2, (await world.Atlas.Post($"/rooms/{room}/keys/request", new { discard = true })).Ok().Number("key_version"));
    }

    [Fact]
    public async Task A_user_who_goes_is_a_member_who_left()
    {
        var erin = await world.NewUser();
        var agent = await world.NewAgent(erin);
        var room = await NewRoom(agent);
        var own = $"{erin.Name}/own";
        (await agent.Post("/rooms", new { room_id = own, encrypted = true })).Ok();
        (await Share(agent, own, 1, (erin.Name, Wrap()))).Ok();
        (await Share(world.Atlas, room, 1, ("alice", Wrap()), (erin.Name, Wrap()))).Ok();
        (await erin.Delete($"/users/{erin.Name}")).Ok();
        Assert.Equal(2, (await world.Atlas.Get($"/rooms/{room}/keys")).Ok().Number("key_version"));
    }

    [Fact]
    public async Task Nonsense_is_refused_all_at_once_and_strangers_see_nothing()
    {
        var room = await NewRoom(world.Rover);
        var put = (object body) => world.Atlas.Put($"/rooms/{room}/keys", body);
        (await put(new { })).Invalid("key_version", "wraps");
        (await put(new { key_version = 0, wraps = new { alice = "AAAA", bob = 7 } })).Invalid("key_version", "wraps.alice", "wraps.bob");
        (await put(new { key_version = 1, wraps = new { } })).Invalid("wraps");
        (await Share(world.Atlas, room, 1, ("bob", Wrap()), ("nobody", Wrap()))).Invalid("wraps.alice", "wraps.nobody");
        (await world.Atlas.Get($"/rooms/{World.Lab}/keys")).Refused(409, "NOT_ENCRYPTED");
        (await world.Fox.Get($"/rooms/{room}/keys")).Refused(403, "NOT_A_MEMBER");
        (await world.Nobody.Get($"/rooms/{room}/keys")).Refused(401, "TOKEN_MISSING");
        var hidden = await world.NewRoom(world.Atlas, new() { ["encrypted"] = true, ["visibility"] = "private" });
        (await world.Fox.Get($"/rooms/{hidden}/keys")).Refused(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData(28, 1, "at least 29")]
    [InlineData(29, 1, null)]
    [InlineData(60, 0, "version 1")]
    [InlineData(60, 2, "version 1")]
    [InlineData(36_864, 1, null)]
    public async Task A_ciphertext_has_the_documented_form(int bytes, byte version, string? problem)
    {
        var room = await NewRoom();
        var c = Convert.ToBase64String([version, .. RandomNumberGenerator.GetBytes(bytes - 1)]);
        var answer = await world.Atlas.Post($"/rooms/{room}/send", new { body = new { c, t = "encrypted" } });
        if (problem is null)
        {
            Assert.Equal(c, answer.Ok()["body"].GetProperty("c").GetString());
            return;
        }

        Assert.Contains(problem, answer.Invalid("body.c").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AQAA AAAA")]
    [InlineData("AQA")]
    [InlineData("AQ-_")]
    [InlineData("")]
    public void Base64_is_taken_strictly(string text) => Assert.NotNull(EncryptedBundle.Problem(text));

    private static string[] Lacking(Answer keys) =>
        [.. keys["missing"].EnumerateArray().Select(missing => missing.GetProperty("user_id").GetString()!)];

    private Task<string> NewRoom(params Actor[] members) => world.NewRoom(world.Atlas, new() { ["encrypted"] = true }, members);

    private static string Wrap() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptedBundle.WrapBytes));

    private static Task<Answer> Share(Actor actor, string room, int version, params (string User, string Wrap)[] wraps) =>
        actor.Put($"/rooms/{room}/keys", new { key_version = version, wraps = wraps.ToDictionary(one => one.User, one => one.Wrap) });
}
