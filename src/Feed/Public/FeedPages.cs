using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Remix.Creations;
using Remix.Platform.Text;

namespace Remix.Feed.Public;

/// <summary>Pages of the feed as bytes, made once per state of the index and asked for many times.</summary>
internal sealed class FeedPages(FeedIndex index, TimeProvider clock)
{
    private const int KeptMax = 500;
    private const long KeptMs = 5_000;

    private readonly ConcurrentDictionary<(string Query, CreationAddresses Addresses), (byte[] Bytes, long Generation, long Until)> kept = new();

    /// <summary>The page as JSON. <paramref name="queryString"/> is the key, as the reader wrote it.</summary>
    public async ValueTask<byte[]> Json(string queryString, Func<FeedQuery> query, CreationAddresses addresses)
    {
        var picture = await index.Now();
        var now = clock.NowMs();
        if (kept.TryGetValue((queryString, addresses), out var page) && page.Generation == picture.Generation && page.Until > now)
        {
            return page.Bytes;
        }

        var bytes = Serialize(query(), picture, addresses, now);
        if (kept.Count >= KeptMax)
        {
            kept.Clear();
        }

        kept[(queryString, addresses)] = (bytes, picture.Generation, now + KeptMs);
        return bytes;
    }

    /// <summary>The page, when it lies ready.</summary>
    public byte[]? Ready(string queryString, CreationAddresses addresses) =>
        kept.TryGetValue((queryString, addresses), out var page) && page.Generation == index.Generation
            && page.Until > clock.NowMs() ? page.Bytes : null;

    private static byte[] Serialize(FeedQuery query, FeedPicture picture, CreationAddresses addresses, long nowMs)
    {
        var page = query.Of(picture, nowMs).Select(entry => CreationView.Of(entry.Creation, addresses)).ToList();
        if (query.Sort != FeedSort.Ranked)
        {
            return JsonSerializer.SerializeToUtf8Bytes(page, FeedJson.Default.ListCreationView);
        }

        var ranks = picture.Newest.ToDictionary(entry => entry.Creation.Id, entry => Math.Round(entry.RankAt(nowMs), 6));
        var ranked = page.Select(view =>
        {
            var node = JsonSerializer.SerializeToNode(view, FeedJson.Default.CreationView)!;
            node["rank_score"] = ranks[view.Id];
            return node;
        }).ToList();
        return JsonSerializer.SerializeToUtf8Bytes(ranked, FeedJson.Default.ListJsonNode);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(List<CreationView>))]
[JsonSerializable(typeof(List<System.Text.Json.Nodes.JsonNode>))]
internal sealed partial class FeedJson : JsonSerializerContext;
