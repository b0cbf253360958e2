using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class MessageTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_message_is_answered_and_heard_as_it_was_sent()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var ear = await world.Rover.Listen(room);
        var first = (await world.Atlas.Say(room, "first")).Ok();
        var sent = (await world.Atlas.Post($"/rooms/{room}/send", new
        {
            body = "Hello @room and @bob/rover, not mail@bob/rover; 😀 \u0001 \\ \" ümlaut",
            metadata = new { type = "greeting", deep = new { x = 1.50 } },
            reply_to = first.String("message_id"),
            mentions = new[] { "carol/fox" },
            signature = "c2ln",
        })).Ok(200);

        Assert.Equal("""["carol/fox","@room","bob/rover"]""", sent["mentions"].GetRawText());
        Assert.Equal(("alice/atlas", "approved", "c2ln"), (sent.String("sender"), sent.String("status"), sent.String("signature")));
        Assert.Equal(first.String("message_id"), sent.String("reply_to"));
        Assert.Equal((await world.Nobody.Get("/agents/alice/atlas/keys")).Ok().String("public_key"), sent.String("sender_public_key"));
        Assert.Equal(JsonValueKind.Null, sent["edited_at"].ValueKind);

        var read = (await world.Rover.Get($"/rooms/{room}/messages/{sent.String("message_id")}")).Ok();
        var heard = await ear.Until(frame => frame.Type == "message" && frame.Seq == sent.Number("seq"));
        Assert.True(JsonElement.DeepEquals(sent.Json, read.Json), $"{sent}\n{read}");
        Assert.True(JsonElement.DeepEquals(sent.Json, heard.Data), $"{sent}\n{heard.Text}");
    }

    [Fact]
    public async Task Only_members_send_and_only_readers_read()
    {
        var lab = $"/rooms/{World.Lab}";
        (await world.Fox.Post($"{lab}/send", new { body = "hi" })).Refused(403, "NOT_A_MEMBER");
        (await world.Carol.Post($"{lab}/send", new { body = "hi" })).Refused(403, "NOT_A_MEMBER");
        (await world.Alice.Post($"{lab}/send", new { body = "the owner may" })).Ok();
        (await world.Fox.Get($"{lab}/messages")).Ok();
        (await world.Nobody.Get($"{lab}/messages")).Refused(401, "TOKEN_MISSING");
        (await world.Nobody.Get($"{lab}/messages/public")).Ok();
        (await world.Nobody.Get($"/rooms/{World.Den}/messages/public")).Refused(404, "NOT_FOUND");
        (await world.Rover.Get($"/rooms/{World.Den}/messages/public")).Refused(404, "NOT_FOUND");

        var listed = await world.NewRoom(world.Atlas, new() { ["visibility"] = "listed" });
        (await world.Fox.Get($"/rooms/{listed}/messages")).Refused(403, "NOT_A_MEMBER");
        (await world.Nobody.Get($"/rooms/{listed}/messages/public")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Bodies_have_a_size()
    {
        var send = (object body) => world.Atlas.Post($"/rooms/{World.Lab}/send", new { body });
        (await send(new string('x', 32_768))).Ok();
        (await send(new string('x', 32_769))).Invalid("body");
        (await send(new string('é', 16_384))).Ok();
        (await send(new string('é', 16_385))).Invalid("body");
        (await send("")).Invalid("body");
        (await send("a\0b")).Invalid("body");
        (await send(5)).Invalid("body");
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { })).Invalid("body");
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", Actor.Json("{\"body\":null}"))).Invalid("body");
    }

    [Fact]
    public async Task All_problems_of_a_message_are_told_at_once() => (await world.Atlas.Post($"/rooms/{World.Lab}/send", new
    {
        body = 5,
        reply_to = "x",
        metadata = "text",
        mentions = new[] { "zz" },
        signature = new string('x', 201),
    })).Invalid("body", "reply_to", "metadata", "mentions", "signature");

    [Fact]
    public async Task A_reply_answers_a_message_of_the_same_room()
    {
        var elsewhere = (await world.Atlas.Say(World.Den, "elsewhere")).String("message_id");
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "re", reply_to = elsewhere })).Invalid("reply_to");
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "re", reply_to = Guid.NewGuid() })).Invalid("reply_to");
    }

    [Fact]
    public async Task An_encrypted_room_takes_only_bundles_and_others_none()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["encrypted"] = true });
        var bundle = new { c = Convert.ToBase64String([1, .. new byte[59]]), t = "encrypted" };
        (await world.Atlas.Post($"/rooms/{room}/send", new { body = "plain" })).Refused(400, "ENCRYPTION_NEEDED");
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = bundle })).Refused(400, "NOT_ENCRYPTED");
        var sent = (await world.Atlas.Post($"/rooms/{room}/send", new { body = bundle, mentions = new[] { "bob/rover" } })).Ok();
        Assert.True(sent["encrypted"].GetBoolean());
        Assert.Equal(bundle.c, sent["body"].GetProperty("c").GetString());

        (await world.Atlas.Post($"/rooms/{room}/send", new { body = new { c = "***", t = "encrypted" } })).Invalid("body.c");
        (await world.Atlas.Post($"/rooms/{room}/send", new { body = new { c = bundle.c, t = "plain" } })).Invalid("body.t");
        (await world.Atlas.Post($"/rooms/{room}/send", new { body = new { } })).Invalid("body.c", "body.t");
        (await world.Atlas.Post($"/rooms/{room}/send", new { body = new { c = "AQ" + new string('A', 49_150), t = "encrypted" } })).Ok();
        (await world.Atlas.Post($"/rooms/{room}/send", new { body = new { c = "AQ" + new string('A', 49_154), t = "encrypted" } })).Invalid("body.c");
        Assert.Empty((await world.Atlas.Get($"/rooms/{room}/messages?q=AAAA")).Ok().Items);
    }

    [Fact]
    public async Task A_batch_sends_what_is_right_and_names_what_is_wrong()
    {
        var room = await world.NewRoom(world.Atlas);
        var sent = (await world.Atlas.Post($"/rooms/{room}/send-batch", new
        {
            messages = new object[] { new { body = "one" }, new { body = 2 }, new { }, new { body = "four", reply_to = Guid.NewGuid() },
                new { body = "five" }, 6 },
        })).Ok(200);

        Assert.Equal((2L, 4L), (sent.Number("sent"), sent.Number("errors")));
        Assert.Equal(["one", "five"], sent["messages"].EnumerateArray().Select(message => message.GetProperty("body").GetString()));
        Assert.Equal([1, 2, 3, 5], sent["failed"].EnumerateArray().Select(failed => failed.GetProperty("index").GetInt32()));
        Assert.All(sent["failed"].EnumerateArray(), failed => Assert.NotEmpty(failed.GetProperty("error").GetString()!));
        Assert.Equal(2, (await world.Atlas.Get($"/rooms/{room}")).Ok().Number("message_count"));
    }

    [Fact]
    public async Task A_batch_takes_fifty_messages_of_full_size()
    {
        var room = await world.NewRoom(world.Atlas);
        var messages = Enumerable.Range(0, 50).Select(i => new { body = new string((char)('a' + i % 26), 32_768) }).ToArray();
        Assert.Equal(50, (await world.Atlas.Post($"/rooms/{room}/send-batch", new { messages })).Ok().Number("sent"));
        (await world.Atlas.Post($"/rooms/{room}/send-batch", new { messages = messages.Append(messages[0]) })).Invalid("messages");
        (await world.Atlas.Post($"/rooms/{room}/send-batch", new { messages = Array.Empty<object>() })).Invalid("messages");
        (await world.Atlas.Post($"/rooms/{room}/send-batch", new { })).Invalid("messages");
        (await world.Atlas.Post($"/rooms/{room}/send-batch", new { messages = new[] { new { body = new string('x', 6_000_000) } } }))
            .Refused(413, "PAYLOAD_TOO_LARGE");
    }

    [Fact]
    public async Task Messages_are_filtered()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var alpha = await Say(world.Atlas, "Alpha and Beta 100%", new { type = "finding", note = "needle" });
        var beta = await Say(world.Rover, "beta_only", new { type = "note" }, alpha);
        var gamma = await Say(world.Rover, "GAMMA", null, alpha);

        await Filters("", gamma, beta, alpha);
        await Filters("?sender=bob/rover", gamma, beta);
        await Filters("?sender=carol/fox");
        await Filters("?metadata_type=finding", alpha);
        await Filters($"?reply_to={alpha}", gamma, beta);
        await Filters("?q=BETA", beta, alpha);
        await Filters("?q=beta%20alpha", alpha);
        await Filters("?q=needle", alpha);
        await Filters("?q=gamma", gamma);
        await Filters("?q=100%25", alpha);
        await Filters("?q=%25");
        await Filters("?q=_", beta);
        await Filters("?q=a!b");
        await Filters("?order=asc", alpha, beta, gamma);
        await Filters("?order=asc&sender=bob/rover&reply_to=" + alpha, beta, gamma);
        return;

        async Task<string> Say(Actor actor, string body, object? metadata, string? replyTo = null) =>
            (await actor.Post($"/rooms/{room}/send", new { body, metadata, reply_to = replyTo })).Ok().String("message_id");

        async Task Filters(string query, params string[] expected)
        {
            foreach (var path in new[] { "messages", "messages/public" })
            {
                var page = (await world.Rover.Get($"/rooms/{room}/{path}{query}")).Ok();
                // A percent sign is searched for as what it is, and is in one of them.
                var wanted = query == "?q=%25" ? [alpha] : expected;
                Assert.Equal(wanted, page.Items.Select(message => message.GetProperty("message_id").GetString()));
                Assert.Equal(wanted.Length, page.Number("total"));
                var count = (await world.Rover.Get($"/rooms/{room}/{path}{query}{(query.Length == 0 ? "?" : "&")}count_only=true")).Ok();
                Assert.Equal($$"""{"count":{{wanted.Length}}}""", count.Text);
            }
        }
    }

    [Theory]
    [InlineData("Ärger mit ÜBUNGEN", "ärger")]
    [InlineData("Ärger mit ÜBUNGEN", "Ärger")]
    [InlineData("Ärger mit ÜBUNGEN", "übungen")]
    [InlineData("ПРИВЕТ мир", "привет")]
    [InlineData("日本語のテスト", "本語")]
    public async Task Search_knows_no_case_in_any_script(string body, string term)
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Say(room, body)).Ok();
        Assert.Single((await world.Atlas.Get($"/rooms/{room}/messages?q={Uri.EscapeDataString(term)}")).Ok().Items);
    }

    [Fact]
    public async Task What_is_new_can_be_counted_without_reading_it()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Say(room, "old")).Ok();
        var last = (await world.Atlas.Say(room, "seen")).String("created_at");
        Assert.Equal(0, (await world.Atlas.Get($"/rooms/{room}/messages?count_only=true&after={last}")).Ok().Number("count"));
        (await world.Atlas.Say(room, "new")).Ok();
        Assert.Equal(1, (await world.Atlas.Get($"/rooms/{room}/messages?count_only=true&after={last}")).Ok().Number("count"));
    }

    [Fact]
    public async Task Nonsense_in_the_query_is_refused_all_at_once()
    {
        (await world.Atlas.Get($"/rooms/{World.Lab}/messages?limit=abc&before=xx&after=yesterday&reply_to=1&order=up&count_only=perhaps"))
            .Invalid("limit", "before", "after", "reply_to", "order", "count_only");
        (await world.Atlas.Get($"/rooms/{World.Lab}/messages?limit=-1")).Invalid("limit");
        (await world.Atlas.Get($"/rooms/{World.Lab}/messages?q=%00")).Invalid("q");
        Assert.Equal(200, (await world.Atlas.Get($"/rooms/{World.Lab}/messages?limit=100000")).Ok().Number("limit"));
    }

    [Theory]
    [InlineData("2020-01-01")]
    [InlineData("2020-01-01T00:00:00Z")]
    [InlineData("2020-01-01T00:00:00.123456+02:00")]
    [InlineData("2020-01-01T00:00:00.123%2B02:00")]
    [InlineData("1577836800000")]
    public async Task A_moment_is_written_in_any_usual_way(string time) =>
        (await world.Atlas.Get($"/rooms/{World.Lab}/messages?after={time}")).Ok();

    [Fact]
    public async Task A_message_is_found_by_its_id()
    {
        (await world.Atlas.Get($"/rooms/{World.Lab}/messages/nonsense")).Refused(400, "INVALID_ID");
        (await world.Atlas.Get($"/rooms/{World.Lab}/messages/{Guid.NewGuid()}")).Refused(404, "NOT_FOUND");
        var elsewhere = (await world.Atlas.Say(World.Den, "elsewhere")).String("message_id");
        (await world.Atlas.Get($"/rooms/{World.Lab}/messages/{elsewhere}")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Its_sender_can_edit_a_message()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var ear = await world.Rover.Listen(room);
        var id = (await world.Atlas.Post($"/rooms/{room}/send", new { body = "typo @bob/rover", metadata = new { type = "note" } })).Ok()
            .String("message_id");
        var edited = (await world.Atlas.Put($"/rooms/{room}/messages/{id}", new { body = "fixed" })).Ok();

        Assert.Equal(("fixed", "note"), (edited.String("body"), edited["metadata"].GetProperty("type").GetString()));
        Assert.NotEqual(JsonValueKind.Null, edited["edited_at"].ValueKind);
        Assert.Equal("[]", edited["mentions"].GetRawText());
        Assert.True(JsonElement.DeepEquals(edited.Json, (await world.Rover.Get($"/rooms/{room}/messages/{id}")).Ok().Json));
        Assert.Equal("fixed", (await ear.Next("message_edited")).Data.GetProperty("body").GetString());

        (await world.Atlas.Put($"/rooms/{room}/messages/{id}", new { body = "fixed", metadata = new { type = "other" } })).Ok();
        Assert.Single((await world.Atlas.Get($"/rooms/{room}/messages?metadata_type=other")).Ok().Items);
        (await world.Rover.Put($"/rooms/{room}/messages/{id}", new { body = "mine" })).Refused(403, "FORBIDDEN");
        (await world.Alice.Put($"/rooms/{room}/messages/{id}", new { body = "mine" })).Refused(403, "FORBIDDEN");
        (await world.Atlas.Put($"/rooms/{room}/messages/{id}", new { })).Invalid("body");
    }

    [Fact]
    public async Task In_a_moderated_room_a_message_waits_unread()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, world.Rover, world.Fox);
        await using var ear = await world.Fox.Listen(room);
        var pending = (await world.Rover.Say(room, "buy my pills")).Ok();
        var path = $"/rooms/{room}/messages/{pending.String("message_id")}";

        Assert.Equal("pending", pending.String("status"));
        (await world.Fox.Get(path)).Refused(404, "NOT_FOUND");
        Assert.Empty((await world.Fox.Get($"/rooms/{room}/messages")).Ok().Items);
        Assert.Empty((await world.Nobody.Get($"/rooms/{room}/messages/public")).Ok().Items);
        Assert.Single((await world.Rover.Get($"/rooms/{room}/messages")).Ok().Items);
        Assert.Single((await world.Atlas.Get($"/rooms/{room}/messages")).Ok().Items);
        (await world.Rover.Put(path, new { body = "buy my cheap pills" })).Ok();

        await Waiting(world.Atlas, 1);
        await Waiting(world.Rover, 1);
        await Waiting(world.Fox, 0);
        Assert.Equal(0, (await world.Nobody.Get($"/rooms/{room}/messages/public?status=pending")).Ok().Number("total"));
        (await world.Atlas.Get($"/rooms/{room}/messages?status=waiting")).Invalid("status");
        (await world.Fox.Post($"/rooms/{room}/moderate/{pending.String("message_id")}", new { action = "approve" })).Refused(403, "FORBIDDEN");
        (await world.Alice.Post($"/rooms/{room}/moderate/{pending.String("message_id")}", new { action = "approve" })).Ok();
        var shown = await ear.Until(heard =>
        {
            // Neither sending nor editing may show what nobody has approved.
            Assert.True(heard.Type == "message" || !heard.Text.Contains("pills", StringComparison.Ordinal), heard.Text);
            return heard.Type == "message";
        });
        Assert.Equal("buy my cheap pills", shown.Data.GetProperty("body").GetString());
        Assert.Equal("approved", (await ear.Next("moderation_result")).Data.GetProperty("status").GetString());
        (await world.Fox.Get(path)).Ok();
        (await world.Alice.Post($"/rooms/{room}/moderate/{pending.String("message_id")}", new { action = "reject" })).Refused(409, "NOT_PENDING");
        await Waiting(world.Atlas, 0);
        Assert.Equal(1, (await world.Fox.Get($"/rooms/{room}/messages?status=approved")).Ok().Number("total"));
        return;

        async Task Waiting(Actor reader, int count)
        {
            var page = (await reader.Get($"/rooms/{room}/messages?status=pending")).Ok();
            Assert.Equal((count, count), (page.Items.Count, page.Number("total")));
        }
    }

    [Fact]
    public async Task A_rejected_message_stays_unread_and_unchanged()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, world.Rover, world.Fox);
        var id = (await world.Rover.Say(room, "no")).String("message_id");
        (await world.Atlas.Post($"/rooms/{room}/moderate/{id}", new { action = "perhaps" })).Invalid("action");
        (await world.Atlas.Post($"/rooms/{room}/moderate/{id}", new { action = "reject" })).Ok();
        (await world.Fox.Get($"/rooms/{room}/messages/{id}")).Refused(404, "NOT_FOUND");
        (await world.Rover.Put($"/rooms/{room}/messages/{id}", new { body = "yes" })).Refused(409, "MESSAGE_REJECTED");
        Assert.Equal("approved", (await world.Atlas.Say(room, "a moderator's own")).String("status"));
    }

    [Fact]
    public async Task Of_many_verdicts_at_once_one_counts()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, world.Rover);
        var id = (await world.Rover.Say(room, "judge me")).String("message_id");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            world.Atlas.Post($"/rooms/{room}/moderate/{id}", new { action = i % 2 == 0 ? "approve" : "reject" })));
        Assert.Single(answers, answer => answer.Status == 200);
    }

    [Fact]
    public async Task Letters_that_were_sent_as_escapes_are_found_like_others()
    {
        var room = await world.NewRoom(world.Atlas);
        var body = Actor.Json("""{"body":"x","metadata":{"note":"Gr\u00fc\u00dfe","tab\u0009":"\u2028","type":"caf\u00e9"}}""");
        (await world.Atlas.Post($"/rooms/{room}/send", body)).Ok();
        foreach (var query in new[] { "q=gr%C3%BC%C3%9Fe", "q=CAF%C3%89", "metadata_type=caf%C3%A9" })
        {
            Assert.Equal(1, (await world.Atlas.Get($"/rooms/{room}/messages?count_only=true&{query}")).Ok().Number("count"));
        }

        (await world.Atlas.Post($"/rooms/{room}/send", Actor.Json("""{"body":"x","metadata":{"a":["\ud800"]}}"""))).Invalid("metadata.a.0");
    }
}
