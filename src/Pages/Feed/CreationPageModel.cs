using Remix.Pages.Shared;

namespace Remix.Pages.Feed;

/// <summary>One creation at its own address. <paramref name="BaseAddress"/> is this server's origin, for previews elsewhere.</summary>
public sealed record CreationPageModel(Visitor Visitor, CreationCard Creation, Uri BaseAddress)
{
    public Uri Address => new(BaseAddress, $"/c/{Creation.Slug}");

    public Uri? Image => (Creation.ThumbnailUrl ?? Creation.CoverUrl) is { } url ? new Uri(BaseAddress, url) : null;

    /// <summary>Whether the page has a host of its own; only then may it keep its own origin inside the sandbox.</summary>
    public bool HasOwnHost => Uri.TryCreate(BaseAddress, Creation.ContentUrl, out var content)
        && !string.Equals(content.Authority, BaseAddress.Authority, StringComparison.OrdinalIgnoreCase);

    public string Description => string.IsNullOrWhiteSpace(Creation.Description) ? Creation.Byline : Creation.Description;
}
