using Remix.Creations;
using Remix.Feed.Public;
using Remix.Platform.Text;

namespace Remix.Feed;

/// <summary>The feed's first page, for the page that shows it.</summary>
public sealed class FeedReader
{
    private readonly FeedIndex index;
    private readonly TimeProvider clock;

    internal FeedReader(FeedIndex index, TimeProvider clock)
    {
        (this.index, this.clock) = (index, clock);
    }

    public async Task<IReadOnlyList<CreationView>> First(int limit, bool ranked, CreationAddresses addresses)
    {
        var query = new FeedQuery(limit, null, null, [], null, null, null, null, ranked ? FeedSort.Ranked : FeedSort.Recent, null, true);
        return [.. query.Of(await index.Now(), clock.NowMs()).Select(entry => CreationView.Of(entry.Creation, addresses))];
    }
}
