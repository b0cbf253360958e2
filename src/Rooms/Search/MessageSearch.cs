using Remix.Identity.Agents;
using Remix.Platform.Search;
using Remix.Rooms.Messages;

namespace Remix.Rooms.Search;

/// <summary>Asks the index, and shows of what it names only what may be shown at this moment.</summary>
internal sealed class MessageSearch(SearchIndex index, MessageStore messages, AgentDirectory directory)
{
    private const int AttemptsMax = 5;

    public async Task<FoundMessages> Find(SearchMessages wish)
    {
        var (items, total) = await Page(wish, [.. wish.Words.Select(word => new[] { word })]);
        if (total > 0 || wish.Offset > 0)
        {
            return await Show(wish, items, total, null);
        }

        // Apart, because SQLite's calls do not come back before they are done.
        var meant = await Task.WhenAll(wish.Words.Select(word => Task.Run(() => index.Meant(SearchableMessages.Kind, word))));
        if (meant.All(group => group.Count == 1))
        {
            return await Show(wish, items, total, null);
        }

        (items, total) = await Page(wish, meant);
        return await Show(wish, items, total, total > 0 ? true : null);
    }

    /// <summary>What the index names but may no longer be shown is taken out of it, and the page read again.</summary>
    private async Task<(List<Message> Items, long Total)> Page(SearchMessages wish, IReadOnlyList<IReadOnlyList<string>> groups)
    {
        var question = new SearchQuestion(groups, Facets(wish), wish.Limit, wish.Offset);
        for (var attempt = 1; ; attempt++)
        {
            var hits = await index.Find(question);
            var shown = await messages.Public([.. hits.Keys.Select(Guid.Parse)]);
            var gone = hits.Keys.Where(key => !shown.ContainsKey(Guid.Parse(key))).ToList();
            if (gone.Count == 0 || attempt == AttemptsMax)
            {
                return ([.. hits.Keys.Where(key => !gone.Contains(key)).Select(key => shown[Guid.Parse(key)])], Math.Max(0, hits.Total - gone.Count));
            }

            await index.Apply(new SearchBatch([], gone));
        }
    }

    private static List<string> Facets(SearchMessages wish)
    {
        var facets = new List<string>();
        if (wish.Room is { } room)
        {
            facets.Add(SearchableMessages.RoomFacet(room));
        }

        if (wish.Sender is { } sender)
        {
            facets.Add(SearchableMessages.SenderFacet(sender));
        }

        if (wish.MetadataType is { } type)
        {
            facets.Add(SearchableMessages.TypeFacet(type));
        }

        return facets;
    }

    private async Task<FoundMessages> Show(SearchMessages wish, List<Message> items, long total, bool? fuzzy)
    {
        var keys = await directory.PublicKeys([.. items.Select(message => message.UserId).Distinct(StringComparer.Ordinal)]);
        return new FoundMessages([.. items.Select(message => MessageView.Of(message, keys.GetValueOrDefault(message.UserId)))], total, wish.Limit,
            wish.Offset, wish.Offset + items.Count < total, fuzzy);
    }
}
