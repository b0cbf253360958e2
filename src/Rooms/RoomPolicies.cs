using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Http;

namespace Remix.Rooms;

/// <summary>Who may become a member, beyond what visibility says.</summary>
public enum JoinPolicy
{
    Open,
    Invite,
    None,
}

/// <summary>Which roles may invite.</summary>
public enum InvitePolicy
{
    Admin,
    Member,
    Anyone,
}

/// <summary>Whether the room's own app can be opened.</summary>
public enum AppStatus
{
    Stopped,
    Running,
}

/// <summary>The part of a room's config that the server itself obeys.</summary>
internal sealed record RoomPolicies(JoinPolicy Join, InvitePolicy Invite, RoomRole DefaultRole, bool AppRuns)
{
    public const string AppStatusField = "app_status";

    public static readonly JsonElement NoConfig = RemixJson.Element(new Dictionary<string, object>(StringComparer.Ordinal));

    public static RoomPolicies Of(JsonElement config) => new(
        Choice(config, "join_policy", JoinPolicy.Open),
        Choice(config, "invite_policy", InvitePolicy.Admin),
        Choice(config, "default_role", RoomRole.Member) is RoomRole.Readonly ? RoomRole.Readonly : RoomRole.Member,
        Choice(config, AppStatusField, AppStatus.Stopped) == AppStatus.Running);

    /// <summary>Reads and checks the field <c>config</c> of a body.</summary>
    public static JsonElement? Read(Fields fields)
    {
        var config = fields.Json("config", JsonValueKind.Object, Room.ConfigBytesMax);
        if (config is not null && fields.Object("config") is { } inner)
        {
            inner.Choice<JoinPolicy>("join_policy");
            inner.Choice<InvitePolicy>("invite_policy");
            inner.Choice<AppStatus>(AppStatusField);
            inner.Choice("default_role", RoomRole.Moderator, RoomRole.Admin);
        }

        return config;
    }

    public bool MayInvite(RoomRole role) => role >= RoomRole.Moderator || Invite switch
    {
        InvitePolicy.Anyone => true,
        InvitePolicy.Member => role >= RoomRole.Member,
        _ => false,
    };

    private static T Choice<T>(JsonElement config, string field, T otherwise) where T : struct, Enum =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            && EnumText.TryParse<T>(value.GetString(), out var choice) ? choice : otherwise;
}
