using System.Globalization;
using Remix.Creations;
using Remix.Platform.Data;
using Remix.Platform.Http;

namespace Remix.Feed.Public;

internal enum FeedSort
{
    Recent,
    Ranked,
    Featured,
}

/// <summary>What a reader asks of the public feed. Times are Unix milliseconds.</summary>
internal sealed record FeedQuery(
    int Limit, long? Before, long? After, string[] Tags, string? Agent, string? Type, string? Creator,
    string? Category, FeedSort Sort, long? SinceMs, bool Diversify)
    : IReadFields<FeedQuery>
{
    private const int LimitMax = 100;
    private const int InRowMax = 2;

    public static FeedQuery Read(Fields fields)
    {
        var type = fields.OneOf("type", CreationTypes.All);
        return new FeedQuery(
            fields.Limit(20, LimitMax), fields.Time("before"), fields.Time("after"), fields.Texts("tags", 20, 40) ?? [],
            fields.Text("agent", 130), type, fields.Text("creator", 64), fields.Text("category", 40),
            fields.Choice<FeedSort>("sort") ?? FeedSort.Recent, Since(fields), fields.Truth("diversify") ?? true);
    }

    /// <summary>The page: filtered, sorted, cut, and where asked spread, so that nobody and nothing fills it.</summary>
    public IReadOnlyList<FeedEntry> Of(FeedPicture picture, long nowMs)
    {
        var found = picture.Newest.Where(entry => Fits(entry, nowMs));
        if (After is not null && Before is null && Sort == FeedSort.Recent)
        {
            // Reading forward: those next after the moment, shown newest first as always.
            return [.. found.Reverse().Take(Limit).Reverse()];
        }

        IEnumerable<FeedEntry> sorted = Sort switch
        {
            FeedSort.Ranked => found.OrderByDescending(entry => entry.RankAt(nowMs)),
            FeedSort.Featured => found.OrderByDescending(entry =>
                entry.Creation.FeaturedAt is not null).ThenByDescending(entry => entry.Creation.FeaturedAt ?? 0),
            _ => found,
        };
        var page = sorted.Take(Limit).ToList();
        return Diversify ? Spread(page) : page;
    }

    private bool Fits(FeedEntry entry, long nowMs)
    {
        var creation = entry.Creation;
        return (Before is not { } before || creation.PublishedAt < before)
            && (After is not { } after || creation.PublishedAt > after)
            && (SinceMs is not { } window || creation.PublishedAt >= nowMs - window)
            && (Type is null || creation.Type == Type)
            && (Creator is null || creation.CreatedBy == Creator)
            && (Category is null || string.Equals(creation.Category, Category, StringComparison.OrdinalIgnoreCase))
            && (Tags.Length == 0 || Tags.Any(entry.Tags.Contains))
            && (Agent is null
                || creation.Agents.Any(agent => agent.Contains(Agent, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>
    /// No more than two of one creator or of one topic in a row, where the page has others; the creator counts first.
    /// The last of the page stays last: its time is where the next page begins, so nothing is skipped.
    /// </summary>
    private static List<FeedEntry> Spread(List<FeedEntry> page)
    {
        for (var i = InRowMax; i < page.Count - 1; i++)
        {
            var other = Crowding(page, i, page[i]) == 0 ? i : BestAfter(page, i);
            var entry = page[other];
            page.RemoveAt(other);
            page.Insert(i, entry);
        }

        return page;
    }

    /// <summary>Where the entry is that crowds its place least; the earliest of several.</summary>
    private static int BestAfter(List<FeedEntry> page, int place) => Enumerable.Range(place, page.Count - 1 - place)
        .MinBy(index => Crowding(page, place, page[index]));

    private static int Crowding(List<FeedEntry> page, int place, FeedEntry entry)
    {
        var before = page.GetRange(place - InRowMax, InRowMax);
        var creator = before.TrueForAll(other => other.Creation.CreatedBy == entry.Creation.CreatedBy) ? 2 : 0;
        var topic = entry.Topic is { } own && before.TrueForAll(other => other.Topic == own) ? 1 : 0;
        return creator + topic;
    }

    /// <summary><c>24h</c>, <c>7d</c>, <c>12w</c>, <c>3m</c>, in milliseconds.</summary>
    private static long? Since(Fields fields)
    {
        if (fields.Text("since", 10) is not { } text)
        {
            return null;
        }

        const long hourMs = 3_600_000;
        var unit = text.Length > 1 ? text[^1] switch
        {
            'h' => hourMs,
            'd' => 24 * hourMs,
            'w' => 7 * 24 * hourMs,
            'm' => 30 * 24 * hourMs,
            _ => 0
        } : 0;
        if (unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0)
        {
            return count * unit;
        }

        fields.Problem("since", $"Expected a window such as 24h, 7d, 12w or 3m, received '{text}'", "invalid_string");
        return null;
    }
}
