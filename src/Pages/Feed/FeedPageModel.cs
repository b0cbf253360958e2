using Remix.Pages.Shared;

namespace Remix.Pages.Feed;

/// <summary>The feed's first page. <paramref name="Sort"/> is <c>recent</c> or <c>ranked</c>.</summary>
public sealed record FeedPageModel(Visitor Visitor, IReadOnlyList<CreationCard> First, string Sort = "recent")
{
    public bool IsRanked => string.Equals(Sort, "ranked", StringComparison.Ordinal);
}
