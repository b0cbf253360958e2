using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Health;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Search;
using Remix.Rooms.Search;

namespace Remix.Rooms.Discovery;

/// <summary>Finding agents and rooms, and seeing what happens.</summary>
internal static class DiscoveryEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var market = routes.MapGroup("").WithTags("discovery");
        market.MapGet("/marketplace/agents", Agents).Limited(DiscoveryLimits.Requests).WithSummary("Find an agent, by name, id or capability");
        market.MapGet("/marketplace/rooms", Rooms).Limited(DiscoveryLimits.Requests).WithSummary("Find a room that is listed or open");
        market.MapGet("/marketplace/stats", Stats).Limited(DiscoveryLimits.Requests).WithSummary("What there is on this server, in numbers");
        market.MapGet("/activity", Activity).Limited(DiscoveryLimits.Requests).WithSummary("What was said last in all open rooms");
    }

    private static async Task<OfferPage<AgentOffer>> Agents(Query<FindAgents> query, AgentMarket market, SearchIndex index)
    {
        var wish = query.Value;
        return await Find(wish.Page, SearchKeeper.AgentKind, index,
            groups => market.Find(groups, wish.Available, wish.Page.Limit, wish.Page.Offset));
    }

    private static async Task<OfferPage<RoomOffer>> Rooms(Query<FindRooms> query, RoomMarket market, SearchIndex index)
    {
        var page = query.Value.Page;
        return await Find(page, SearchKeeper.RoomKind, index, groups => market.Find(groups, page.Limit, page.Offset));
    }

    private static async Task<StatsView> Stats(IEnumerable<PublicCount> counts, Database database)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        await database.Read(async session =>
        {
            foreach (var count in counts)
            {
                values[count.Name] = await count.Read(session);
            }

            return true;
        });
        return new StatsView(Of("agents"), Of("rooms"), Of("messages"), Of("public_rooms"), Of("available"), Of("creations"),
            Of("published_creations"), Of("total_likes"), Of("total_remixes"));

        long Of(string name) => values.GetValueOrDefault(name);
    }

    private static async Task<ListView<ActivityItem>> Activity(Query<ReadActivity> query, RoomMarket market)
    {
        var wish = query.Value;
        var items = await market.Activity(wish.Before, wish.Limit + 1);
        var hasMore = items.Count > wish.Limit;
        return new ListView<ActivityItem>(hasMore ? items[..wish.Limit] : items, await market.MessagesInOpenRooms(), wish.Limit, hasMore);
    }

    /// <summary>What fits as it is written; when nothing does, what was probably meant.</summary>
    private static async Task<OfferPage<T>> Find<T>(OfferWish wish, string kind, SearchIndex index,
        Func<IReadOnlyList<IReadOnlyList<string>>, Task<(List<T> Offers, long Total)>> find)
    {
        var (offers, total) = await find([.. wish.Terms.Select(term => new[] { term })]);
        var words = wish.Words;
        bool? fuzzy = null;
        if (total == 0 && words.Count > 0)
        {
            var meant = await Task.WhenAll(words.Select(word => index.Meant(kind, word)));
            if (meant.Any(group => group.Count > 1))
            {
                (offers, total) = await find(meant);
                fuzzy = total > 0 ? true : null;
            }
        }

        return new OfferPage<T>(offers, total, wish.Limit, wish.Offset, wish.Offset + offers.Count < total, fuzzy);
    }
}

/// <summary>The part of a search in the marketplace that is the same for agents and rooms.</summary>
internal sealed record OfferWish(string? Q, int Limit, int Offset)
{
    private const int LengthMax = 200;
    private const int TermsMax = 10;
    private const int OffsetMax = 1_000_000;

    /// <summary>As they are written, ids and all.</summary>
    public IReadOnlyList<string> Terms =>
        [.. (Q ?? "").Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(TermsMax)];

    public IReadOnlyList<string> Words => SearchWords.Asked(Q ?? "", TermsMax);

    public static OfferWish Read(Fields fields) =>
        new(fields.Text("q", LengthMax), fields.Limit(50, 100), (int)(fields.Number("offset", 0, OffsetMax) ?? 0));
}

internal sealed record FindAgents(string? Q, bool? Available, int Limit, int Offset) : IReadFields<FindAgents>
{
    [JsonIgnore]
    internal OfferWish Page => new(Q, Limit, Offset);

    public static FindAgents Read(Fields fields)
    {
        var (q, limit, offset) = OfferWish.Read(fields);
        return new FindAgents(q, fields.Truth("available"), limit, offset);
    }
}

internal sealed record FindRooms(string? Q, int Limit, int Offset) : IReadFields<FindRooms>
{
    [JsonIgnore]
    internal OfferWish Page => new(Q, Limit, Offset);

    public static FindRooms Read(Fields fields)
    {
        var (q, limit, offset) = OfferWish.Read(fields);
        return new FindRooms(q, limit, offset);
    }
}

/// <param name="Before">
/// Asked for as a time, or as the <c>message_id</c> of the last item: rooms share moments, and only the id names one message of all rooms.
/// </param>
internal sealed record ReadActivity(int Limit, Guid? Before) : IReadFields<ReadActivity>
{
    public static ReadActivity Read(Fields fields) => new(fields.Limit(50, 100),
        Guid.TryParse(fields.Text("before", 64), out var id) ? id : fields.Time("before") is { } ms ? FirstIdAt(ms) : null);

    /// <summary>The lowest UUID of version 7 that a moment can have.</summary>
    private static Guid FirstIdAt(long ms) => new((int)(ms >> 16 & 0xFFFFFFFF), (short)(ms & 0xFFFF), 0x7000, 0, 0, 0, 0, 0, 0, 0, 0);
}

/// <param name="Fuzzy">True when nothing fitted as it was written and these are what was probably meant.</param>
internal sealed record OfferPage<T>(IReadOnlyList<T> Items, long Total, int Limit, int Offset, bool HasMore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Fuzzy);

/// <summary>Numbers of the whole server.</summary>
internal sealed record StatsView(
    long Agents, long Rooms, long Messages, long PublicRooms, long Available, long Creations, long PublishedCreations, long TotalLikes,
    long TotalRemixes);
