using System.Text.RegularExpressions;
using Remix.Platform.Http;
using Remix.Platform.Text;
using Remix.Rooms.Members;

namespace Remix.Rooms.Studios;

/// <summary>
/// A wish for a creation: what about, with what material, by whom. A null list of agents means all of one's own.
/// </summary>
/// <param name="SourceUrl">What it came from; kept as attribution.</param>
/// <param name="OperationId">Asked again under the same name, it is the same wish.</param>
public sealed partial record PublishToStudio(string Topic, string? Context, string[]? Agents, string[] Tags, string? Category,
    RoomVisibility Visibility,
    string? SourceUrl, string? OperationId) : IReadFields<PublishToStudio>
{
    public const int TopicLengthMax = 300;
    public const int ContextLengthMax = 20_000;
    public const int OperationIdLengthMax = 128;

    internal const int OwnAgentsMax = 10;

    private const int CategoryLengthMax = 40;

    public static PublishToStudio Read(Fields fields)
    {
        var agents = fields.Texts("agents", RoomMember.InvitedAtOnceMax, 2 * Names.LengthMax + 1);
        foreach (var agent in (agents ?? []).Where(agent => agent.Length > 0 && !Names.IsPair(agent)))
        {
            fields.Problem("agents", $"'{agent}' must be user/name, for example oeway/atlas", "invalid_string");
        }

        return new PublishToStudio(fields.RequiredText("topic", TopicLengthMax), fields.Text("context", ContextLengthMax), agents,
            fields.Texts("tags", Room.TagsMax, Room.TagLengthMax) ?? [], fields.Text("category", CategoryLengthMax),
            fields.Choice<RoomVisibility>("visibility") ?? RoomVisibility.Private, CreateStudio.Url(fields, "source_url"),
            fields.Text("client_operation_id", OperationIdLengthMax, 1));
    }

    /// <summary>What the agents are told: the topic, and the context as their instructions.</summary>
    internal string Brief => string.Join("\n\n", new[] { Topic, Context, SourceUrl is null ? null : $"Source: {SourceUrl}" }.OfType<string>());

    /// <summary>A name for the room that says what it is about, and that nobody has.</summary>
    internal string Leaf
    {
        get
        {
            var words = NotOfNames().Replace(Topic.ToLowerInvariant().Normalize(System.Text.NormalizationForm.FormD), "-").Trim('-', '_');
            words = words.Length > 40 ? words[..40].Trim('-', '_') : words;
            var unique = Guid.NewGuid().ToString("n")[..8];
            return words.Length == 0 ? $"remix-{unique}" : $"{words}-{unique}";
        }
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotOfNames();
}

/// <param name="TaskId">The task on the room's board.</param>
public sealed record StudioPublication(string RoomId, Guid? TaskId, IReadOnlyList<string> InvitedAgents, RoomStatus Status);
