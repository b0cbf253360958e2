using System.Text.Json.Serialization;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Rooms.Studios;

internal sealed record CreateStudio(string StudioId, string? Name, string? Description, string? AvatarUrl, string? BannerUrl, string[] Tags,
    StudioVisibility Visibility) : IReadFields<CreateStudio>
{
    public static CreateStudio Read(Fields fields) => new(
        fields.RequiredName("studio_id", pair: true, "oeway/ai-news"),
        fields.Text("name", Studio.NameLengthMax, 1),
        fields.Text("description", Studio.DescriptionLengthMax),
        Url(fields, "avatar_url"),
        Url(fields, "banner_url"),
        fields.Texts("tags", Studio.TagsMax, Studio.TagLengthMax) ?? [],
        fields.Choice<StudioVisibility>("visibility") ?? StudioVisibility.Listed);

    /// <summary>An address that a page may show a picture from: nothing that runs.</summary>
    internal static string? Url(Fields fields, string field)
    {
        var text = fields.Text(field, Studio.UrlLengthMax);
        if (text is { Length: > 0 } && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            fields.Problem(field, "Expected an http or https address", "invalid_string");
        }

        return text is "" ? null : text;
    }
}

/// <summary>What is to be changed; what is not named stays, and null clears.</summary>
internal sealed record ChangeStudio(string? Name, string? Description, string? AvatarUrl, string? BannerUrl, string[]? Tags,
    StudioVisibility? Visibility) : IReadFields<ChangeStudio>
{
    private static readonly string[] Changeable = ["name", "description", "avatar_url", "banner_url", "tags", "visibility"];

    private HashSet<string> Named { get; init; } = [];

    public static ChangeStudio Read(Fields fields)
    {
        var named = Changeable.Where(fields.Has).ToHashSet(StringComparer.Ordinal);
        if (named.Count == 0)
        {
            fields.Problem("name", $"Name at least one of {string.Join(", ", Changeable)}");
        }

        if (fields.IsNull("name"))
        {
            fields.Problem("name", "Expected string, received null", "invalid_type");
        }

        return new ChangeStudio(fields.Text("name", Studio.NameLengthMax, 1), fields.Text("description", Studio.DescriptionLengthMax),
            CreateStudio.Url(fields, "avatar_url"), CreateStudio.Url(fields, "banner_url"), fields.Texts("tags", Studio.TagsMax, Studio.TagLengthMax),
            fields.Choice<StudioVisibility>("visibility"))
        { Named = named };
    }

    public Studio Applied(Studio studio) => studio with
    {
        Name = Name ?? studio.Name,
        Description = Named.Contains("description") ? Description : studio.Description,
        AvatarUrl = Named.Contains("avatar_url") ? AvatarUrl : studio.AvatarUrl,
        BannerUrl = Named.Contains("banner_url") ? BannerUrl : studio.BannerUrl,
        Tags = Named.Contains("tags") ? Tags ?? [] : studio.Tags,
        Visibility = Visibility ?? studio.Visibility,
    };
}

internal enum StudioSort
{
    Popular,
    Newest,
    Trending,
}

internal sealed record BrowseStudios(string? Q, string? Owner, StudioSort Sort, int Limit, int Offset) : IReadFields<BrowseStudios>
{
    public const int LimitMax = 100;

    public static BrowseStudios Read(Fields fields) => new(
        fields.Text("q", 200), fields.Text("owner", Names.LengthMax), fields.Choice<StudioSort>("sort") ?? StudioSort.Popular,
        fields.Limit(30, LimitMax), (int)(fields.Number("offset", 0, 1_000_000) ?? 0));
}

internal sealed record PageOf(int Limit, int Offset) : IReadFields<PageOf>
{
    public static PageOf Read(Fields fields) => new(fields.Limit(50, 200), (int)(fields.Number("offset", 0, 1_000_000) ?? 0));
}

internal sealed record ChangeSubscription(bool Notify) : IReadFields<ChangeSubscription>
{
    public static ChangeSubscription Read(Fields fields) => new(fields.Required("notify") && (fields.Truth("notify") ?? false));
}

/// <param name="IsSubscribed">Whether the caller is; not there for nobody, nor in lists of others.</param>
/// <param name="Notify">In the list of one's own subscriptions.</param>
internal sealed record StudioView(string StudioId, string Owner, string Name, string? Description, string? AvatarUrl, string? BannerUrl,
    string[] Tags,
    StudioVisibility Visibility, bool IsDefault, bool Archived, long SubscriberCount, long CreationCount, long RoomCount, DateTime CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsSubscribed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Notify = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? SubscribedAt = null)
{
    public static StudioView Of(Studio studio, StudioFigures figures, bool? isSubscribed = null) => new(studio.StudioId, studio.Owner, studio.Name,
        studio.Description, studio.AvatarUrl, studio.BannerUrl, studio.Tags, studio.Visibility, studio.IsDefault, studio.ArchivedAt is not null,
        studio.SubscriberCount, figures.Creations.GetValueOrDefault(studio.StudioId), figures.Rooms.GetValueOrDefault(studio.StudioId),
        studio.CreatedAt.ToTime(), isSubscribed);
}

internal sealed record SubscriptionView(bool Subscribed, bool Notify, long SubscriberCount);

internal sealed record SubscriberView(string UserId, DateTime SubscribedAt);
