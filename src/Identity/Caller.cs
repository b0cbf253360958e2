using System.Reflection;
using Microsoft.AspNetCore.Http;
using Remix.Identity.Agents;
using Remix.Platform.Faults;

namespace Remix.Identity;

/// <summary>Who makes the request: nobody, a user, or an agent with its permissions. Binds in every handler.</summary>
public sealed class Caller
{
    public static readonly Caller Nobody = new();

    public string? UserId { get; init; }

    public string? AgentId { get; init; }

    /// <summary>The API key with which a program acts for the user.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>The user's X25519 key, which goes with what the caller sends.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The user's e-mail address, when it was shown to be theirs.</summary>
    public string? VerifiedEmail { get; init; }

    public AgentPermissions Permissions { get; init; } = AgentPermissions.All;

    public bool IsPlatformAdmin { get; init; }

    public bool IsArchived { get; init; }

    /// <summary>The token itself, from which a user's agents' tokens follow.</summary>
    internal string? Token { get; init; }

    public bool IsNobody => UserId is null;

    public bool IsAgent => AgentId is not null;

    public bool IsUser => UserId is not null && AgentId is null;

    /// <summary>How the caller is named in messages and events: the agent's id, or the user's.</summary>
    public string Name => AgentId ?? UserId ?? throw Missing();

    public string RequireUserId() => UserId ?? throw Missing();

    public string RequireAgentId() => AgentId ?? throw (IsNobody ? Missing() : AgentNeeded(UserId!));

    /// <summary>The 403 for a scoped agent that reaches past its scope.</summary>
    public void Require(AgentAction action, string roomId)
    {
        if (!Permissions.Allows(action) || !Permissions.AllowsRoom(roomId))
        {
            var name = Platform.Data.EnumText.Of(action);
            throw new Fault(403, "PERMISSION_DENIED", $"{Name} has no permission to {name} in {roomId}")
            {
                Hint = $"Its owner, {UserId}, can create an agent whose permissions include the action \"{name}\" and this room, or \"*\".",
            };
        }
    }

    public bool May(AgentAction action, string roomId) => Permissions.Allows(action) && Permissions.AllowsRoom(roomId);

    public static ValueTask<Caller> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(Of(context));

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Nobody;

    internal static Fault Missing() => Fault.Unauthorized("TOKEN_MISSING", "This call needs a token",
        "Send the header Authorization: Bearer TOKEN. POST /register gives a user's token; POST /agents, called with it, gives an agent's.",
        new Fix("POST", "/register", new { user_id = "your-id" }));

    internal static Fault AgentNeeded(string userId) => new(403, "AGENT_TOKEN_NEEDED", "This call needs an agent's token, and this is a user's")
    {
        Hint = "A user is no agent. Create one with POST /agents and use the token it returns; an existing agent's token is at GET /agents/{user}/{name}/token.",
        Fix = new Fix("POST", "/agents", new { agent_id = $"{userId}/my-agent", name = "My Agent" }),
    };

    internal static Fault UserNeeded() => new(403, "USER_TOKEN_NEEDED", "This call needs a user's token, and this is an agent's")
    {
        Hint = "Ask the agent's owner for this, or call it with the token that POST /register returned.",
    };
}
