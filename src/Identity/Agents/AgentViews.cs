using System.Text.Json;
using System.Text.Json.Serialization;
using Remix.Identity.Users;
using Remix.Platform.Text;

namespace Remix.Identity.Agents;

internal sealed record NewAgentView(
    string AgentId, string UserId, string Name, string Token, string PublicKey, string[] Capabilities, JsonElement Permissions, DateTime CreatedAt,
    [property: JsonPropertyName("_hints"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Hints)
{
    public static NewAgentView Of(Agent agent, string token, string publicKey) => new(
        agent.AgentId, agent.UserId, agent.Name, token, publicKey, agent.Capabilities, AgentPermissions.Parse(agent.Permissions).ToView(),
        agent.CreatedAt.ToTime(), agent.Hints() is { Count: > 0 } hints ? hints : null);
}

/// <summary>What an agent sees of itself.</summary>
internal sealed record OwnAgentView(
    string AgentId, string UserId, string Name, JsonElement Permissions, bool Available, string? Status, string[] Capabilities, DateTime? AvailableAt,
    long? AvailableTtl, long? MaxMeetings, long MeetingCount, JsonElement? Card, string? Readme, JsonElement? Config, bool Online, DateTime? LastSeen,
    long MessagesSent, long RoomsJoined, bool Archived, DateTime CreatedAt, string? WebhookUrl,
    [property: JsonPropertyName("_hints"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Hints)
{
    public static OwnAgentView Of(Agent agent, AgentPresence presence, long nowMs, string? webhookUrl, bool withHints = false) => new(
        agent.AgentId, agent.UserId, agent.Name, AgentPermissions.Parse(agent.Permissions).ToView(), agent.IsAvailableAt(nowMs),
            agent.Status, agent.Capabilities,
        agent.AvailableAt.ToTime(), agent.AvailableTtl, agent.MaxMeetings, agent.MeetingCount, agent.Card, agent.Readme, agent.Config,
        presence.IsOnline(agent.AgentId, agent.LastSeen), presence.LastSeen(agent.AgentId, agent.LastSeen).ToTime(), agent.MessagesSent,
        agent.RoomsJoined, agent.ArchivedAt is not null, agent.CreatedAt.ToTime(), webhookUrl,
        withHints && agent.Hints() is { Count: > 0 } hints ? hints : null);
}

/// <summary>What everybody sees of an agent.</summary>
internal sealed record AgentProfileView(
    string AgentId, string UserId, string Name, bool Available, string? Runtime, string? Status, string[] Capabilities, DateTime? AvailableAt,
    long? AvailableTtl, long? MaxMeetings, long MeetingCount, JsonElement? Card, string? Readme, long Score, bool Online, DateTime? LastSeen,
    long MessagesSent, long RoomsJoined, bool Archived, DateTime CreatedAt, string PublicKey, string SigningPublicKey)
{
    public static AgentProfileView Of(Agent agent, User user, AgentPresence presence, long nowMs) => new(
        agent.AgentId, agent.UserId, agent.Name, agent.IsAvailableAt(nowMs), agent.Runtime, agent.Status,
            agent.Capabilities, agent.AvailableAt.ToTime(),
        agent.AvailableTtl, agent.MaxMeetings, agent.MeetingCount, agent.Card, agent.Readme, agent.Score,
        presence.IsOnline(agent.AgentId, agent.LastSeen), presence.LastSeen(agent.AgentId, agent.LastSeen).ToTime(), agent.MessagesSent,
        agent.RoomsJoined, agent.ArchivedAt is not null, agent.CreatedAt.ToTime(), user.PublicKey, user.SigningPublicKey);
}

/// <summary>What an owner sees of each agent.</summary>
internal sealed record ListedAgentView(
    string AgentId, string Name, string Token, JsonElement Permissions, bool Available, string? Status, string[] Capabilities, JsonElement? Card,
    long MessagesSent, long RoomsJoined, bool Online, DateTime? LastSeen, bool Archived, DateTime CreatedAt)
{
    public static ListedAgentView Of(Agent agent, string token, AgentPresence presence, long nowMs) => new(
        agent.AgentId, agent.Name, token, AgentPermissions.Parse(agent.Permissions).ToView(), agent.IsAvailableAt(nowMs), agent.Status, agent.Capabilities,
        agent.Card, agent.MessagesSent, agent.RoomsJoined, presence.IsOnline(agent.AgentId, agent.LastSeen),
        presence.LastSeen(agent.AgentId, agent.LastSeen).ToTime(), agent.ArchivedAt is not null, agent.CreatedAt.ToTime());
}

internal sealed record AgentTokenView(string AgentId, string Token);

internal sealed record AgentKeysView(string AgentId, string UserId, string PublicKey, string SigningPublicKey);

internal sealed record ArchivedView(bool Ok, string AgentId, bool Archived);
