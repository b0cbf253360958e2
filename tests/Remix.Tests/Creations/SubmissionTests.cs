using Remix.Tests.Support;

namespace Remix.Tests.Creations;

public class SubmissionTests(World world) : IClassFixture<World>
{
    private const string Forbidden = "<!doctype html><html lang=\"en\"><title>x</title><h1>x</h1><script>alert(document.cookie)</script></html>";

    [Fact]
    public async Task A_good_folder_is_published_at_once_and_the_answer_says_where()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var folder = await world.Atlas.Fill(room);
        await using var ear = await world.Rover.Listen(room);

        var made = (await world.Atlas.Submit(room, folder, new() { ["topic"] = "Why the Sea comes & goes: naïvely" })).Ok(201);

        var id = made.Id();
        Assert.Equal(("published", room, folder), (made.String("status"), made.String("room_id"), made.String("source_dir")));
        Assert.Equal("why-the-sea-comes-goes-naively", made.String("slug"));
        Assert.Equal($"http://art-{id}.localhost:{world.Settings.Port}/", made.String("content_url"));
        Assert.Equal($"{world.BaseUrl}/creations/{id}/thumbnail.svg", made.String("cover_url"));
        Assert.Equal(made.String("cover_url"), made.String("thumbnail_url"));
        Assert.Equal($"{world.BaseUrl}/creations/{id}/pipeline", made.String("pipeline_url"));
        Assert.Equal((1, 0, 5), (made.Number("version"), made.Number("attempts"), made.Number("max_attempts")));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, made["parent_id"].ValueKind);
        foreach (var absent in new[] { "publish_error", "reasons", "rejection_reasons", "resubmit_url" })
        {
            Assert.False(made.Json.TryGetProperty(absent, out _), absent);
        }

        var parts = made.List("quality_breakdown");
        Assert.Equal(["topic", "description", "tags", "html_content", "type", "cover"], parts.Select(part => part.Text("category")));
        Assert.Equal([15, 15, 10, 40, 10, 10], parts.Select(part => part.GetProperty("max").GetInt32()));
        Assert.Equal(made.Number("quality_score"), parts.Sum(part => part.GetProperty("earned").GetInt32()));
        Assert.All(parts, part =>
            Assert.Equal(part.GetProperty("earned").GetInt32() < part.GetProperty("max").GetInt32(), part.TryGetProperty("hint", out _)));

        var heard = await ear.Next("creation_published");
        Assert.Equal((id, room), (heard.Data.Text("creation_id"), heard.Data.Text("room_id")));
        Assert.Equal("closed", (await world.Atlas.Get($"/rooms/{room}")).Ok().String("status"));
    }

    [Fact]
    public async Task A_published_creation_can_be_read_by_anybody()
    {
        var made = await world.Atlas.Publish(World.Den, null, new() { ["category"] = "Science", ["has_audio"] = true });

        var read = (await world.Nobody.Get($"/creations/{made.Id()}")).Ok();
        Assert.Equal(("alice", "article"), (read.String("created_by"), read.String("type")));
        Assert.Equal(("science", "published"), (read.String("category"), read.String("status")));
        Assert.Equal(["alice/atlas", "alice/bot", "bob/rover"], read.List("agents").Select(agent => agent.GetString()).Order());
        Assert.Equal("alice/atlas", read.List("agents")[0].GetString());
        Assert.Equal((true, false), (read["has_audio"].GetBoolean(), read["has_live_data"].GetBoolean()));
        Assert.Equal((true, false), (read["live"].GetBoolean(), read["archived"].GetBoolean()));
        Assert.Equal(made.String("content_url"), read.String("content_url"));
        Assert.EndsWith("Z", read.String("published_at"), StringComparison.Ordinal);
        Assert.Equal(read.Text, (await world.Nobody.Get($"/creations/s/{made.String("slug")}")).Ok().Text);
    }

    [Fact]
    public async Task A_rejection_says_what_where_and_how_to_mend_it_and_the_room_stays_open()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var folder = await world.Atlas.Fill(room, page: Forbidden);
        await using var ear = await world.Rover.Listen(room);

        var made = (await world.Atlas.Submit(room, folder)).Ok(201);

        Assert.Equal("rejected", made.String("status"));
        var reasons = made.List("rejection_reasons");
        Assert.NotEmpty(reasons);
        Assert.Equal(reasons.Select(reason => reason.Text("message")), made.List("reasons").Select(reason => reason.GetString()!));
        Assert.All(reasons, reason =>
        {
            Assert.Equal(("static_scan", "index.html"), (reason.Text("stage"), reason.Text("file")));
            Assert.NotEmpty(reason.Text("category"));
            Assert.NotEmpty(reason.Text("fix_hint"));
        });
        Assert.Equal($"{world.BaseUrl}/creations/{made.Id()}/resubmit", made.String("resubmit_url"));
        Assert.Equal((0, 5), (made.Number("attempts"), made.Number("max_attempts")));
        Assert.False(made.Json.TryGetProperty("content_url", out _));

        var heard = await ear.Next("creation_review");
        Assert.Equal((made.Id(), "rejected"), (heard.Data.Text("creation_id"), heard.Data.Text("status")));
        Assert.Equal(reasons.Count, heard.Data.GetProperty("rejection_reasons").GetArrayLength());
        Assert.Equal("open", (await world.Atlas.Get($"/rooms/{room}")).Ok().String("status"));
        Assert.Equal(404, (await world.Visit(made.Id())).Status);
    }

    [Fact]
    public async Task What_was_mended_is_published_by_resubmitting()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room, page: Forbidden);
        var made = (await world.Atlas.Submit(room, folder)).Ok(201);
        (await world.Atlas.Post($"/creations/{made.Id()}/publish")).Refused(409, "REJECTED");

        await world.Atlas.Fill(room, folder);
        var again = (await world.Atlas.Post(new Uri(made.String("resubmit_url")).AbsolutePath)).Ok(200);

        Assert.Equal(("published", made.Id()), (again.String("status"), again.Id()));
        Assert.Equal(1, again.Number("attempts"));
        Assert.Equal(200, (await world.Visit(made.Id())).Status);
        (await world.Atlas.Post($"/creations/{made.Id()}/resubmit")).Refused(409, "ALREADY_PUBLISHED");
        (await world.Atlas.Post($"/creations/{made.Id()}/publish")).Refused(409, "ALREADY_PUBLISHED");
    }

    [Fact]
    public async Task After_five_attempts_a_rejection_is_final()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room, page: Forbidden);
        var id = (await world.Atlas.Submit(room, folder)).Ok(201).Id();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            Assert.Equal(attempt, (await world.Atlas.Post($"/creations/{id}/resubmit")).Ok(200).Number("attempts"));
        }

        await world.Atlas.Fill(room, folder);
        var refused = (await world.Atlas.Post($"/creations/{id}/resubmit")).Refused(429, "MAX_ATTEMPTS_EXCEEDED");
        Assert.True(refused["max_attempts_exceeded"].GetBoolean());
        Assert.Equal((5, 5), (refused.Number("attempts"), refused.Number("max_attempts")));
        Assert.Equal("rejected", (await world.Atlas.Get($"/creations/{id}/pipeline")).Ok().String("status"));

        Assert.Equal("published", (await world.Atlas.Submit(room, folder)).Ok(201).String("status"));
    }

    [Fact]
    public async Task A_low_score_waits_until_somebody_publishes_it()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var folder = await world.Atlas.Fill(room, page: Making.PoorPage);
        var made = (await world.Atlas.Post($"/rooms/{room}/creations", new { topic = "x", source_dir = folder })).Ok(201);

        Assert.Equal("pending_review", made.String("status"));
        Assert.InRange(made.Number("quality_score"), 1, 59);
        Assert.NotEmpty(made.String("hint"));
        Assert.False(made.Json.TryGetProperty("publish_error", out _));
        Assert.Equal("review", (await world.Atlas.Get($"/rooms/{room}")).Ok().String("status"));
        Assert.Equal(404, (await world.Visit(made.Id())).Status);
        Assert.DoesNotContain((await world.Nobody.Get("/creations/feed?limit=100")).Array(), creation => creation.Text("id") == made.Id());

        var published = (await world.Rover.Post($"/creations/{made.Id()}/publish")).Ok(200);
        Assert.Equal(("published", made.Id()), (published.String("status"), published.Id()));
        Assert.Equal(200, (await world.Visit(made.Id())).Status);
        Assert.Equal("closed", (await world.Atlas.Get($"/rooms/{room}")).Ok().String("status"));
    }

    [Fact]
    public async Task A_waiting_creation_is_for_those_who_may_read_its_room()
    {
        var folder = await world.Atlas.Fill(World.Den, page: Making.PoorPage);
        var id = (await world.Atlas.Post($"/rooms/{World.Den}/creations", new { topic = "x", source_dir = folder })).Ok(201).Id();

        foreach (var path in new[] { $"/creations/{id}", $"/creations/{id}/pipeline", $"/creations/{id}/versions" })
        {
            (await world.Rover.Get(path)).Ok(200);
            (await world.Alice.Get(path)).Ok(200);
            (await world.Fox.Get(path)).Refused(404, "NOT_FOUND");
            (await world.Nobody.Get(path)).Refused(404, "NOT_FOUND");
        }

        (await world.Fox.Post($"/creations/{id}/publish")).Refused(404, "NOT_FOUND");
        Assert.Empty((await world.Nobody.Get($"/creations/batch?ids={id}")).Ok().Array());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("picture.svg")]
    public async Task Without_its_cover_a_folder_is_rejected_by_the_static_scan(string? named)
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room, cover: null);
        var made = (await world.Atlas.Submit(room, folder, new() { ["cover"] = named })).Ok(201);

        var reason = Assert.Single(made.List("rejection_reasons"));
        Assert.Equal("static_scan", reason.Text("stage"));
        Assert.Contains(named ?? "cover.svg", reason.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pipeline_tells_what_each_stage_said()
    {
        var made = await world.Atlas.Publish(await world.NewRoom(world.Atlas));
        var pipeline = (await world.Nobody.Get($"/creations/{made.Id()}/pipeline")).Ok();

        Assert.Equal(["static_scan", "quality_review", "safety_review", "moderation"], pipeline.List("stages").Select(stage => stage.Text("stage")));
        Assert.All(pipeline.List("stages"), stage => Assert.Equal("passed", stage.Text("status")));
        Assert.Equal(made["quality_breakdown"].GetRawText(), pipeline["quality_breakdown"].GetRawText());
    }

    [Fact]
    public async Task Later_stages_are_skipped_once_one_has_failed()
    {
        var room = await world.NewRoom(world.Atlas);
        var id = (await world.Atlas.Submit(room, await world.Atlas.Fill(room, page: Forbidden))).Ok(201).Id();
        var stages = (await world.Atlas.Get($"/creations/{id}/pipeline")).Ok().List("stages").Select(stage => stage.Text("status"));
        Assert.Equal(["failed", "skipped", "skipped"], stages.Where((_, index) => index != 1));
    }

    [Fact]
    public async Task The_room_itself_can_be_the_folder()
    {
        var room = await world.NewRoom(world.Atlas);
        await world.Atlas.Fill(room, ".");
        (await world.Atlas.Upload(room, "data/tides.json", "[1,2,3]")).Ok();

        var made = (await world.Atlas.Submit(room, ".")).Ok(201);
        Assert.Equal((".", "published"), (made.String("source_dir"), made.String("status")));
        Assert.Equal("[1,2,3]", (await world.Visit(made.Id(), "/data/tides.json")).Ok().Text);
    }

    [Fact]
    public async Task Without_a_folder_it_is_the_one_named_like_the_topic()
    {
        var room = await world.NewRoom(world.Atlas);
        await world.Atlas.Fill(room, "creations/spring-neap");
        var made = (await world.Atlas.Submit(room, "", new() { ["topic"] = "Spring & neap", ["source_dir"] = null })).Ok(201);
        Assert.Equal(("creations/spring-neap", "published"), (made.String("source_dir"), made.String("status")));
    }

    [Theory]
    [InlineData("creations/same/")]
    [InlineData("./creations/same")]
    [InlineData("/creations/same")]
    public async Task A_folder_may_be_written_in_several_ways(string written)
    {
        var room = await world.NewRoom(world.Atlas);
        await world.Atlas.Publish(room, "creations/same");
        var again = (await world.Atlas.Submit(room, written)).Ok(201);
        Assert.Equal(("creations/same", 2), (again.String("source_dir"), again.Number("version")));
    }

    [Fact]
    public async Task A_check_says_the_same_and_changes_nothing()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room);
        var check = (await world.Atlas.Post($"/rooms/{room}/creations/check", Making.Wish(folder))).Ok(200);
        Assert.Equal(("published", true), (check.String("status"), check["would_publish"].GetBoolean()));

        await world.Atlas.Fill(room, folder, Forbidden);
        var bad = (await world.Atlas.Post($"/rooms/{room}/creations/check", Making.Wish(folder))).Ok(200);
        Assert.Equal(("rejected", false), (bad.String("status"), bad["would_publish"].GetBoolean()));
        Assert.NotEmpty(bad.List("issues"));
        Assert.NotEmpty(bad.List("rejection_reasons")[0].Text("fix_hint"));

        var empty = (await world.Atlas.Post($"/rooms/{room}/creations/check", Making.Wish("creations/nothing"))).Ok(200);
        Assert.Equal("SOURCE_EMPTY", empty["publish_error"].Text("code"));
        Assert.EndsWith("then submit.", empty["publish_error"].Text("hint"), StringComparison.Ordinal);

        Assert.Empty((await world.Atlas.Get($"/rooms/{room}/creations")).Ok().Items);
        Assert.Equal("open", (await world.Atlas.Get($"/rooms/{room}")).Ok().String("status"));
        await world.Atlas.Fill(room, folder);
        var made = (await world.Atlas.Submit(room, folder)).Ok(201);
        Assert.Equal(check.Number("quality_score"), made.Number("quality_score"));
        Assert.Equal(check["quality_breakdown"].GetRawText(), made["quality_breakdown"].GetRawText());
    }

    [Fact]
    public async Task A_room_lists_all_that_was_submitted_newest_first()
    {
        var room = await world.NewRoom(world.Atlas);
        var first = await world.Atlas.Publish(room);
        var second = (await world.Atlas.Submit(room, await world.Atlas.Fill(room, page: Forbidden))).Ok(201);

        var list = (await world.Atlas.Get($"/rooms/{room}/creations")).Ok();
        Assert.Equal([second.Id(), first.Id()], list.Items.Select(creation => creation.Text("id")));
        Assert.Equal(["rejected", "published"], list.Items.Select(creation => creation.Text("status")));
        (await world.Nobody.Get($"/rooms/{room}/creations")).Refused(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task A_view_counts_for_published_creations_only()
    {
        var room = await world.NewRoom(world.Atlas);
        var id = (await world.Atlas.Publish(room)).Id();
        Assert.Equal(1, (await world.Nobody.Post($"/creations/{id}/view")).Ok().Number("view_count"));
        Assert.Equal(2, (await world.Nobody.Post($"/creations/{id}/view")).Ok().Number("view_count"));

        var rejected = (await world.Atlas.Submit(room, await world.Atlas.Fill(room, page: Forbidden))).Ok(201).Id();
        (await world.Nobody.Post($"/creations/{rejected}/view")).Refused(404, "NOT_FOUND");
        (await world.Nobody.Post("/creations/nonsense/view")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_batch_gives_the_published_ones_in_the_order_asked_for()
    {
        var room = await world.NewRoom(world.Atlas);
        var (one, two) = ((await world.Atlas.Publish(room)).Id(), (await world.Atlas.Publish(room)).Id());
        var batch = (await world.Nobody.Get($"/creations/batch?ids={two},{Guid.NewGuid()},{one},{two}")).Ok().Array();
        Assert.Equal([two, one], batch.Select(creation => creation.Text("id")));

        (await world.Nobody.Get("/creations/batch")).Invalid("ids");
        (await world.Nobody.Get("/creations/batch?ids=a,b")).Invalid("ids");
        (await world.Nobody.Get($"/creations/batch?ids={string.Join(',', Enumerable.Range(0, 51).Select(_ => Guid.NewGuid()))}")).Invalid("ids");
    }
}
