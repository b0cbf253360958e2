using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Rooms.Reading;

/// <summary>Where something is going on: open and listed rooms with recent activity.</summary>
internal static class StoryEndpoints
{
    /// <summary>Shared by everything that is found without a token.</summary>
    internal static readonly RateLimit Discovery = RateLimit.PerMinute("discovery", RateLimitPer.Address, 120);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/stories", List).WithTags("discovery").Limited(Discovery)
        .WithSummary("Rooms in which something happened in the last hours, the latest first");

    private static async Task<ListView<StoryView>> List(Query<ListStories> query, Stories stories, RoomOnline online, TimeProvider clock)
    {
        var wish = query.Value;
        var (rooms, total) = await stories.Since(clock.NowMs() - wish.Hours * 3_600_000L, wish.Tag, wish.Limit);
        var counts = await online.Of([.. rooms.Select(story => story.RoomId)]);
        return new ListView<StoryView>([.. rooms.Select(story => story with { OnlineCount = counts.GetValueOrDefault(story.RoomId) })],
            total, wish.Limit, total > rooms.Count);
    }
}

internal sealed record ListStories(int Hours, string? Tag, int Limit) : IReadFields<ListStories>
{
    private const int HoursMax = 168;

    public static ListStories Read(Fields fields) => new((int)(fields.Number("hours", 1, HoursMax) ?? 48),
        fields.Text("tag", Room.TagLengthMax), fields.Limit(30, 50));
}

/// <param name="LatestMessage">Only of open rooms; without its text where that is encrypted.</param>
internal sealed record StoryView(string RoomId, string Name, string? Description, string? Topic, string[] Tags, RoomVisibility Visibility,
    bool Encrypted, RoomStatus Status, JsonElement? Progress, long Score, long MemberCount, long MessageCount, int OnlineCount,
    DateTime LastActivity, LatestMessageView? LatestMessage, TopContributorView? TopContributor);

internal sealed record LatestMessageView(Guid MessageId, string Sender, string? Preview, bool Encrypted, DateTime CreatedAt);

internal sealed record TopContributorView(string AgentId, long Messages);

/// <summary>Reads the stories.</summary>
internal sealed class Stories(Database database)
{
    /// <summary>The busiest rooms are enough to find a tag among.</summary>
    private const int CandidatesMax = 1_000;

    private const int LateMessages = 200;

    public Task<(List<StoryView> Stories, int Total)> Since(long sinceMs, string? tag, int limit) => database.Read(async session =>
    {
        var candidates = await session.Query("""
            select r.room_id, r.name, r.description, r.topic, r.tags, r.visibility, r.encrypted, r.status, r.progress, r.score,
                r.member_count, r.message_count, c.last_at
            from rooms r join event_channels c on c.channel = r.room_id
            where r.visibility in ('open', 'listed') and r.archived_at is null and c.last_at >= $1
            order by c.last_at desc limit $2
            """, Row, sinceMs, CandidatesMax);
        var fitting = candidates.Where(story => RoomTags.Match(story.Tags, tag)).ToList();
        var stories = new List<StoryView>();
        foreach (var story in fitting.Take(limit))
        {
            stories.Add(story.Visibility == RoomVisibility.Open ? await WithTalk(session, story, sinceMs) : story);
        }

        return (stories, fitting.Count);
    });

    private static async ValueTask<StoryView> WithTalk(SqlSession session, StoryView story, long sinceMs)
    {
        var latest = await session.First("""
            select message_id, sender, body, encrypted, created_at from messages where room_id = $1 and status = 'approved'
            order by created_at desc limit 1
            """, row => new LatestMessageView(row.GetGuid(0), row.GetString(1), row.GetBoolean(3) ? null : Preview.Of(row.GetString(2)),
                row.GetBoolean(3), row.GetInt64(4).ToTime()), story.RoomId);
        var top = await session.First("""
            select sender, count(*) from (select sender from messages where room_id = $1 and status = 'approved' and created_at >= $2
                order by created_at desc limit $3) late group by sender order by count(*) desc, sender limit 1
            """, row => new TopContributorView(row.GetString(0), row.GetInt64(1)), story.RoomId, sinceMs, LateMessages);
        return story with { LatestMessage = latest, TopContributor = top };
    }

    private static StoryView Row(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.Text(2), row.Text(3),
        RoomTags.Of(row.GetString(4)), EnumText.Parse<RoomVisibility>(row.GetString(5)), row.GetBoolean(6),
        EnumText.Parse<RoomStatus>(row.GetString(7)), row.Text(8) is { } progress ? JsonElement.Parse(progress) : null, row.GetInt64(9),
        row.GetInt64(10), row.GetInt64(11), 0, row.GetInt64(12).ToTime(), null, null);
}

/// <summary>A room's tags, as they are stored.</summary>
internal static class RoomTags
{
    public static string[] Of(string stored) => JsonSerializer.Deserialize<string[]>(stored, JsonSerializerOptions.Default) ?? [];

    /// <summary>Whether a part of one of them is the word, whatever its case.</summary>
    public static bool Match(string[] tags, string? word) =>
        string.IsNullOrEmpty(word) || tags.Any(tag => tag.Contains(word, StringComparison.OrdinalIgnoreCase));
}
