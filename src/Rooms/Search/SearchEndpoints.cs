using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Search;
using Remix.Platform.Text;
using Remix.Rooms.Discovery;
using Remix.Rooms.Messages;

namespace Remix.Rooms.Search;

/// <summary>Finding what was said in all rooms that everybody may read.</summary>
internal static class SearchEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/search/messages", Search).WithTags("messages").Limited(DiscoveryLimits.Requests)
            .WithSummary("Search the messages of all open rooms; forgives slips of the finger when nothing fits exactly");

    private static Task<FoundMessages> Search(Query<SearchMessages> query, MessageSearch search) => search.Find(query.Value);
}

/// <param name="Q">Words, of which all must occur.</param>
internal sealed record SearchMessages(string Q, string? Room, string? Sender, string? MetadataType, int Limit, int Offset) : IReadFields<SearchMessages>
{
    private const int LengthMax = 200;
    private const int WordsMax = 10;

    [JsonIgnore]
    internal IReadOnlyList<string> Words => SearchWords.Asked(Q, WordsMax);

    public static SearchMessages Read(Fields fields)
    {
        var wish = new SearchMessages(fields.RequiredText("q", LengthMax), fields.Text("room", 2 * Names.LengthMax + 1),
            fields.Text("sender", 2 * Names.LengthMax + 1), fields.Text("metadata_type", 100), fields.Limit(50, 100),
            (int)(fields.Number("offset", 0, SearchIndex.CountMax) ?? 0));
        if (wish.Q.Length > 0 && wish.Words.Count == 0)
        {
            fields.Problem("q", "Expected at least one word, number or picture", "invalid_string");
        }

        return wish;
    }
}

/// <param name="Total">Counted up to 5,000.</param>
/// <param name="Fuzzy">True when nothing fitted exactly and these are what was probably meant.</param>
internal sealed record FoundMessages(IReadOnlyList<MessageView> Items, long Total, int Limit, int Offset, bool HasMore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Fuzzy);
