using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Feed;

/// <summary>A feed of sixty creations by three people, over three months.</summary>
public sealed class FeedWorld : IAsyncLifetime
{
    private static readonly string[] Types = ["article", "report", "dashboard"];
    private static readonly string[] Categories = ["science", "art"];

    private readonly FakeClock clock = new();

    public World World { get; private set; } = null!;

    /// <summary>All, newest first, as the feed gives them in one page.</summary>
    public IReadOnlyList<JsonElement> All { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        World = await World.Start(configure: services => services.Replace(clock));
        var makers = new[] { World.Atlas, World.Rover, World.Fox };
        var rooms = await Task.WhenAll(makers.Select(maker => World.NewRoom(maker)));
        for (var day = 0; day < 20; day++)
        {
            clock.Advance(TimeSpan.FromDays(5));

            // In one moment, as far as the clock can tell.
            for (var maker = 0; maker < 3; maker++)
            {
                var by = day % 4 == 3 ? 0 : maker;
                await makers[by].Publish(rooms[by], null, new()
                {
                    ["topic"] = $"Number {day} by {by}",
                    ["type"] = Types[maker],
                    ["category"] = Categories[day % 2],
                    ["tags"] = new[] { $"day-{day}", maker == 0 ? "first" : "later", "Sea" },
                });
            }
        }

        clock.Advance(TimeSpan.FromHours(1));
        All = (await World.Nobody.Get("/creations/feed?limit=100&diversify=false")).Ok().Array();
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

public class FeedTests(FeedWorld feed) : IClassFixture<FeedWorld>
{
    private readonly World world = feed.World;

    [Fact]
    public async Task The_feed_is_a_bare_array_of_the_newest_twenty()
    {
        var page = (await world.Nobody.Get("/creations/feed")).Ok();
        Assert.Equal("application/json; charset=utf-8", page.Header("Content-Type"));
        Assert.Equal(JsonValueKind.Array, page.Json.ValueKind);
        Assert.Equal(20, page.Array().Count);
        Assert.Equal(Ids(feed.All.Take(20)).Order(), Ids(page.Array()).Order());

        var creation = page.Array()[0];
        foreach (var field in new[]
        {
            "id", "slug", "topic", "description", "type", "tags", "cover_url", "thumbnail_url", "content_url", "created_by", "agents", "version",
            "like_count", "view_count", "remix_count", "comment_count", "quality_score", "published_at", "created_at",
        })
        {
            Assert.True(creation.TryGetProperty(field, out _), field);
        }

        Assert.False(creation.TryGetProperty("rank_score", out _));
    }

    [Fact]
    public void Undiversified_it_is_newest_first_and_no_two_times_are_the_same()
    {
        Assert.Equal(60, feed.All.Count);
        var times = feed.All.Select(creation => creation.GetProperty("published_at").GetDateTime()).ToList();
        Assert.Equal(times.OrderDescending(), times);
        Assert.Equal(60, times.Distinct().Count());
    }

    [Fact]
    public async Task Diversified_a_page_holds_the_same_and_no_creator_three_times_in_a_row_while_there_are_others()
    {
        var (raw, spread) = (await Page("limit=40&diversify=false"), await Page("limit=40"));
        Assert.Equal(Ids(raw).Order(), Ids(spread).Order());
        Assert.Equal(Ids(raw)[^1], Ids(spread)[^1]);
        Assert.NotEqual(Ids(raw), Ids(spread));
        var creators = spread.SkipLast(1).Select(creation => creation.Text("created_by")).ToList();
        for (var i = 2; i < creators.Count; i++)
        {
            var isThird = creators[i] == creators[i - 1] && creators[i] == creators[i - 2];
            Assert.True(!isThird || creators.Skip(i).All(other => other == creators[i]), $"at {i}: {string.Join(' ', creators)}");
        }
    }

    [Fact]
    public async Task Of_one_creator_no_topic_comes_three_times_in_a_row_while_there_are_others()
    {
        var (raw, spread) = (await Page("limit=16&creator=alice&diversify=false"), await Page("limit=16&creator=alice"));
        Assert.Equal(Ids(raw).Order(), Ids(spread).Order());
        Assert.NotEqual(Ids(raw), Ids(spread));
        var topics = spread.SkipLast(1).Select(creation => creation.Text("category")).ToList();
        for (var i = 2; i < topics.Count; i++)
        {
            var isThird = topics[i] == topics[i - 1] && topics[i] == topics[i - 2];
            Assert.True(!isThird || topics.Skip(i).All(other => other == topics[i]), $"at {i}: {string.Join(' ', topics)}");
        }
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(3, "&diversify=false")]
    [InlineData(7, "")]
    [InlineData(7, "&diversify=false")]
    [InlineData(20, "")]
    [InlineData(4, "&creator=alice")]
    [InlineData(4, "&tags=first")]
    [InlineData(4, "&type=report&category=science")]
    public async Task Paging_back_leaves_nothing_out_and_repeats_nothing(int limit, string filter)
    {
        var all = Ids(await Page("limit=100&diversify=false" + filter));
        var seen = new List<string>();
        var before = "";
        while (await Page($"limit={limit}{filter}{before}") is { Count: > 0 } page)
        {
            seen.AddRange(Ids(page));
            before = $"&before={page[^1].Text("published_at")}";
        }

        Assert.Equal(all.Count, seen.Count);
        Assert.Equal(all.Order(), seen.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Paging_on_brings_each_next_one_once(int limit)
    {
        var seen = new List<string>();
        var after = "2000-01-01T00:00:00Z";
        while (await Page($"limit={limit}&after={after}") is { Count: > 0 } page)
        {
            seen.InsertRange(0, Ids(page));
            after = page[0].Text("published_at");
        }

        Assert.Equal(Ids(feed.All), seen);
    }

    [Fact]
    public async Task Before_and_after_cut_a_piece_out()
    {
        var piece = await Page($"limit=100&diversify=false&before={feed.All[10].Text("published_at")}&after={feed.All[20].Text("published_at")}");
        Assert.Equal(Ids(feed.All.Skip(11).Take(9)), Ids(piece));
        Assert.Empty(await Page("before=2001-01-01T00:00:00%2B02:00"));
    }

    [Fact]
    public async Task Each_filter_lets_through_what_it_says()
    {
        await Shows("type=report", creation => creation.Text("type") == "report");
        await Shows("creator=bob", creation => creation.Text("created_by") == "bob");
        await Shows("category=Science", creation => creation.Text("category") == "science");
        await Shows("tags=day-3,DAY-7", creation => Tags(creation).Any(tag => tag is "day-3" or "day-7"));
        await Shows("tags=sea", _ => true);
        await Shows("agent=rov", creation => creation.GetProperty("agents").GetRawText().Contains("rov", StringComparison.Ordinal));
        await Shows("creator=alice&type=article&category=art", creation =>
            creation.Text("created_by") == "alice" && creation.Text("type") == "article" && creation.Text("category") == "art");
        Assert.Empty(await Page("creator=zoe"));
        Assert.Empty(await Page("tags=nothing"));

        async Task Shows(string filter, Func<JsonElement, bool> fits)
        {
            var expected = feed.All.Where(fits).ToList();
            Assert.NotEmpty(expected);
            Assert.Equal(Ids(expected), Ids(await Page($"limit=100&diversify=false&{filter}")));
        }
    }

    [Theory]
    [InlineData("2h", 3)]
    [InlineData("24h", 3)]
    [InlineData("6d", 6)]
    [InlineData("2w", 9)]
    [InlineData("1m", 18)]
    [InlineData("12w", 51)]
    public async Task A_window_ends_now(string since, int count) => Assert.Equal(count, (await Page($"limit=100&since={since}")).Count);

    [Fact]
    public async Task Ranked_goes_by_score_which_likes_raise()
    {
        var old = feed.All[^1].Text("id");
        var before = await Page("sort=ranked&limit=100");
        Assert.Equal(60, before.Count);
        var scores = (await Page("sort=ranked&limit=100&diversify=false"))
            .Select(creation => creation.GetProperty("rank_score").GetDouble()).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(scores, before.Select(creation => creation.GetProperty("rank_score").GetDouble()).OrderDescending());

        foreach (var actor in new[] { world.Alice, world.Bob, world.Carol })
        {
            (await actor.Post($"/creations/{old}/like")).Ok();
        }

        var after = await Page("sort=ranked&limit=100&diversify=false");
        Assert.True(Rank(after) < Rank(before), "Three likes raise it");

        int Rank(IReadOnlyList<JsonElement> page) => Ids(page).IndexOf(old);
    }

    [Fact]
    public async Task Featured_shows_all_when_nothing_is_featured() =>
        Assert.Equal(Ids(feed.All), Ids(await Page("sort=featured&limit=100&diversify=false")));

    [Fact]
    public async Task A_larger_page_than_allowed_is_granted_as_far_as_it_goes()
    {
        Assert.Equal(60, (await Page("limit=5000")).Count);
        Assert.Single(await Page("limit=1"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("before=yesterday", "before")]
    [InlineData("after=soon", "after")]
    [InlineData("type=poem", "type")]
    [InlineData("sort=best", "sort")]
    [InlineData("since=24x", "since")]
    [InlineData("since=0h", "since")]
    [InlineData("since=-1d", "since")]
    [InlineData("since=d", "since")]
    [InlineData("diversify=perhaps", "diversify")]
    [InlineData("limit=x&type=poem&since=z&sort=q", "limit", "type", "since", "sort")]
    public async Task What_makes_no_sense_is_named(string query, params string[] fields) =>
        (await world.Nobody.Get($"/creations/feed?{query}")).Invalid(fields);

    [Fact]
    public async Task Published_it_is_in_the_next_answer()
    {
        await using var fresh = await World.Start();
        string? folder = null;
        for (var version = 1; version <= 20; version++)
        {
            var made = await fresh.Atlas.Publish(World.Lab, folder);
            folder = made.String("source_dir");
            Assert.Equal([made.Id()], Ids((await fresh.Nobody.Get("/creations/feed")).Ok().Array()));
        }
    }

    private async Task<IReadOnlyList<JsonElement>> Page(string query) => (await world.Nobody.Get($"/creations/feed?{query}")).Ok(200).Array();

    private static List<string> Ids(IEnumerable<JsonElement> creations) => [.. creations.Select(creation => creation.Text("id"))];

    private static IEnumerable<string> Tags(JsonElement creation) => creation.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!);
}
