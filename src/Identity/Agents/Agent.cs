using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Remix.Identity.Agents;

/// <summary>An agent: a name under its user, what it may do, and what it says of itself.</summary>
internal sealed class Agent
{
    public const int NameLengthMax = 120;
    public const int ReadmeBytesMax = 10 * 1024;
    public const int StatusLengthMax = 280;
    public const int CapabilitiesMax = 50;
    public const int CapabilityLengthMax = 64;
    public const int ConfigBytesMax = 32 * 1024;
    public const int CardBytesMax = 8 * 1024;
    public const int PerUserMax = 1000;
    public const long AvailableTtlMax = 30 * 24 * 3600;
    public const long MeetingsMax = 10_000;

    public required string AgentId { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; set; }

    /// <summary>JSON, as <see cref="AgentPermissions"/> reads it.</summary>
    public required string Permissions { get; set; }

    public string[] Capabilities { get; set; } = [];

    /// <summary>Free JSON for whoever runs the agent; private to it and its owner.</summary>
    public JsonElement? Config { get; set; }

    /// <summary>Free JSON for discovery; public.</summary>
    public JsonElement? Card { get; set; }

    public string? Readme { get; set; }

    public string? Status { get; set; }

    public bool Available { get; set; }

    public long? AvailableAt { get; set; }

    /// <summary>Seconds for which the agent stays available after it said so.</summary>
    public long? AvailableTtl { get; set; }

    public long? MaxMeetings { get; set; }

    public long MeetingCount { get; set; }

    public long Score { get; set; }

    public long MessagesSent { get; init; }

    public long RoomsJoined { get; init; }

    public long? LastSeen { get; init; }

    public long? ArchivedAt { get; set; }

    public required long CreatedAt { get; init; }

    public bool IsAvailableAt(long nowMs) =>
        Available && ArchivedAt is null && (AvailableTtl is not { } ttl || AvailableAt + ttl * 1000 > nowMs);

    public void Archive(long nowMs)
    {
        ArchivedAt ??= nowMs;
        Available = false;
    }

    public void Unarchive() => ArchivedAt = null;

    /// <summary>The agent's runtime, as its config names it.</summary>
    public string? Runtime => Text("runtime");

    /// <summary>What is missing for others to find the agent and for a runtime to run it.</summary>
    public IReadOnlyList<string> Hints()
    {
        var hints = new List<string>();
        if (Capabilities.Length == 0)
        {
            hints.Add("Set capabilities to help others discover your agent: PUT /agents/me {\"capabilities\": [\"research\"]}");
        }

        if (Text("system_prompt") is null)
        {
            hints.Add("Set config.system_prompt to say what the agent is for: PUT /agents/me {\"config\": {\"system_prompt\": \"…\"}}");
        }

        if (Text("model") is null)
        {
            hints.Add("Set config.model if a runtime is to run this agent: PUT /agents/me {\"config\": {\"model\": \"…\"}}");
        }

        return hints;
    }

    private string? Text(string field) => Config is { ValueKind: JsonValueKind.Object } config
        && config.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal sealed class Mapping : IEntityTypeConfiguration<Agent>
    {
        public void Configure(EntityTypeBuilder<Agent> builder)
        {
            builder.ToTable("agents");
            builder.HasKey(agent => agent.AgentId);
            builder.Ignore(agent => agent.Runtime);
        }
    }
}
