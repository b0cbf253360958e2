using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Rooms.Studios;

/// <summary>Who may find a studio.</summary>
public enum StudioVisibility
{
    /// <summary>Everybody, also by browsing.</summary>
    Listed,

    /// <summary>Who has its address.</summary>
    Unlisted,

    /// <summary>Its owner.</summary>
    Private,
}

/// <summary>What a user publishes under, as a channel is: rooms belong to it, and people subscribe to it. Times are Unix milliseconds.</summary>
internal sealed record Studio(string StudioId, string Owner, string Name, string? Description, string? AvatarUrl, string? BannerUrl, string[] Tags,
    StudioVisibility Visibility, long SubscriberCount, long? ArchivedAt, long CreatedAt)
{
    public const int NameLengthMax = 100;
    public const int DescriptionLengthMax = 2_000;
    public const int UrlLengthMax = 2_000;
    public const int TagsMax = 20;
    public const int TagLengthMax = 50;
    public const int PerUserMax = 200;

    private const string DefaultLeaf = "default";

    public bool IsDefault => StudioId == DefaultOf(Owner);

    public static string DefaultOf(string userId) => $"{userId}/{DefaultLeaf}";

    /// <summary>Everybody's first, as it is before anybody changed it.</summary>
    public static Studio Default(string userId, long nowMs) =>
        new(DefaultOf(userId), userId, userId, null, null, null, [], StudioVisibility.Listed, 0, null, nowMs);

    public static string? ReadId(Fields fields, string field)
    {
        var id = fields.Text(field, 2 * Names.LengthMax + 1);
        if (id is not null && !Names.IsPair(id))
        {
            fields.Problem(field, $"'{id}' must be owner/studio, each half of {Names.Rule}", "invalid_string");
        }

        return id;
    }
}
