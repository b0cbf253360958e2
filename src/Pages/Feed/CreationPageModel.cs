using Remix.Pages.Shared;

namespace Remix.Pages.Feed;

/// <summary>One creation at its own address. <paramref name="BaseAddress"/> is this server's origin, for previews elsewhere.</summary>
public sealed record CreationPageModel(Visitor Visitor, CreationCard Creation, Uri BaseAddress)
{
    public Uri Address => new(BaseAddress, $"/c/{Creation.Slug}");

    public Uri? Image => (Creation.ThumbnailUrl ?? Creation.CoverUrl) is { } url ? new Uri(BaseAddress, url) : null;

    public string Description => string.IsNullOrWhiteSpace(Creation.Description) ? Creation.Byline : Creation.Description;
}
