using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Http;

namespace Remix.Rooms.Changes;

/// <summary>Everything that whoever keeps a room may change of it: only the fields that were sent, null to clear.</summary>
internal sealed record ChangeRoom(
    RoomVisibility? Visibility, string? Description, string? Readme, string? Goals, string? Rules, string[]? Tags, JsonElement? Config,
    bool? Moderated, bool? Encrypted, IReadOnlySet<string> Sent) : IReadFields<ChangeRoom>
{
    private static readonly string[] Known =
        ["visibility", "description", "readme", "goals", "rules", "tags", "config", "moderated", "encrypted"];

    public static ChangeRoom Read(Fields fields)
    {
        fields.RequireValues("visibility", "moderated", "encrypted");
        return new ChangeRoom(
            fields.Choice<RoomVisibility>("visibility"),
            fields.Text("description", Room.DescriptionLengthMax),
            fields.Text("readme", Room.TextLengthMax),
            fields.Text("goals", Room.TextLengthMax),
            fields.Text("rules", Room.TextLengthMax),
            fields.Texts("tags", Room.TagsMax, Room.TagLengthMax),
            RoomPolicies.Read(fields),
            fields.Truth("moderated"),
            fields.Truth("encrypted"),
            fields.RequireAny(Known));
    }

    public void ApplyTo(Room room)
    {
        room.Visibility = Visibility ?? room.Visibility;
        room.Moderated = Moderated ?? room.Moderated;
        room.Encrypted = Encrypted ?? room.Encrypted;
        room.Description = Sent.Contains("description") ? Description : room.Description;
        room.Readme = Sent.Contains("readme") ? Readme : room.Readme;
        room.Goals = Sent.Contains("goals") ? Goals : room.Goals;
        room.Rules = Sent.Contains("rules") ? Rules : room.Rules;
        room.Tags = Sent.Contains("tags") ? Tags ?? [] : room.Tags;
        room.Config = Sent.Contains("config") ? Merging.Config(room.Config, Config) : room.Config;
    }
}

/// <summary>The few things that the owner changes in a room's settings.</summary>
internal sealed record UpdateRoom(string? Name, string? Description, string[]? Tags, JsonElement? Config, IReadOnlySet<string> Sent)
    : IReadFields<UpdateRoom>
{
    public static UpdateRoom Read(Fields fields)
    {
        fields.RequireValues("name");
        return new UpdateRoom(
            fields.Text("name", Room.NameLengthMax, 1),
            fields.Text("description", Room.DescriptionLengthMax),
            fields.Texts("tags", Room.TagsMax, Room.TagLengthMax),
            RoomPolicies.Read(fields),
            fields.RequireAny("name", "description", "tags", "config"));
    }

    public void ApplyTo(Room room)
    {
        room.Name = Name ?? room.Name;
        room.Description = Sent.Contains("description") ? Description : room.Description;
        room.Tags = Sent.Contains("tags") ? Tags ?? [] : room.Tags;
        room.Config = Sent.Contains("config") ? Merging.Config(room.Config, Config) : room.Config;
    }
}

internal sealed record Announce(string? Announcement, string? Topic, IReadOnlySet<string> Sent) : IReadFields<Announce>
{
    public static Announce Read(Fields fields) => new(
        fields.Text("announcement", Room.AnnouncementLengthMax),
        fields.Text("topic", Room.TopicLengthMax),
        fields.RequireAny("announcement", "topic"));

    public void ApplyTo(Room room)
    {
        room.Announcement = Sent.Contains("announcement") ? Announcement : room.Announcement;
        room.Topic = Sent.Contains("topic") ? Topic : room.Topic;
    }
}

/// <summary>How far the work is: what is sent takes the place of what was said before, null takes it away.</summary>
internal sealed record ReportProgress(JsonElement Change) : IReadFields<ReportProgress>
{
    private const int PhaseLengthMax = 200;
    private const int LabelLengthMax = 500;

    private enum WorkStatus
    {
        InProgress,
        Complete,
        Blocked,
        Paused,
    }

    public static ReportProgress Read(Fields fields)
    {
        var said = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["phase"] = fields.Text("phase", PhaseLengthMax),
            ["percentage"] = fields.Number("percentage", 0, 100),
            ["status"] = fields.Choice<WorkStatus>("status") is { } status ? EnumText.Of(status) : null,
            ["label"] = fields.Text("label", LabelLengthMax),
        };
        var sent = fields.RequireAny("phase", "percentage", "status", "label");
        return new ReportProgress(RemixJson.Element(said.Where(field => sent.Contains(field.Key))
            .ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal)));
    }

    public void ApplyTo(Room room) => room.Progress = Merging.Of(room.Progress, Change);
}
