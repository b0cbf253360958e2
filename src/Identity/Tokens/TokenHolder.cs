using Remix.Identity.Agents;

namespace Remix.Identity.Tokens;

/// <summary>Whom a token stands for.</summary>
internal sealed record TokenHolder(
    string UserId, string? AgentId, string PublicKey, AgentPermissions Permissions, bool IsArchived, string? VerifiedEmail);
