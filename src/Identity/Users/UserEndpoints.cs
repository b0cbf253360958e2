using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Identity.Keys;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Platform.Text;

namespace Remix.Identity.Users;

/// <summary>Registration, who am I, new keys, farewell.</summary>
internal static class UserEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var identity = routes.MapGroup("").WithTags("identity");
        identity.MapPost("/register", Register).Limited(AuthLimits.Registrations).Produces<SecretsView>(201)
            .WithSummary("Register a user; the answer holds the token and keys, once");
        identity.MapGet("/auth/me", Me).Needs(TokenKind.UserOrAgent).WithMetadata(new AllowsArchivedAgents()).WithSummary("Whose token this is");
        identity.MapPost("/auth/regenerate-key", RegenerateKey).Needs(TokenKind.User).Limited(AuthLimits.Attempts)
            .WithSummary("Replace the user's keys and token, and all agents' tokens");
        identity.MapDelete("/users/{userId}", Delete).Needs(TokenKind.User).WithSummary("Delete the user and everything that is theirs");
    }

    private static async Task<IResult> Register(Body<RegisterUser> body, HttpContext context, Users users, RemixSettings settings)
    {
        var wish = body.Value;
        if (wish.UserId == User.Platform && !HasPlatformSecret(context.Request, settings))
        {
            throw new Fault(403, "USER_ID_RESERVED", $"The user id {User.Platform} is reserved for the platform")
            {
                Hint = "Choose another user id. An operator registers it with the header X-Platform-Secret.",
            };
        }

        // The server itself makes the platform's user for its welcome; whoever holds the secret takes it over.
        if (wish.UserId == User.Platform && await users.Exists(User.Platform))
        {
            var (taken, _) = await users.RegenerateKey(await users.Find(User.Platform));
            return TypedResults.Json(SecretsView.Of(User.Platform, taken), RemixJson.Options, statusCode: 201);
        }

        var (user, secrets) = await users.Register(wish.UserId, wish.PublicKey);
        return TypedResults.Json(SecretsView.Of(user.UserId, secrets), RemixJson.Options, statusCode: 201);
    }

    private static async Task<IdentityView> Me(Caller caller, Users users, AgentStore agents)
    {
        var user = await users.Find(caller.RequireUserId());
        var agent = caller.AgentId is { } id ? await agents.Find(id) : null;
        return new IdentityView(caller.IsAgent ? "agent" : "user", user.UserId, agent?.AgentId, agent?.Name, user.Email,
            user.Email is null ? null : user.EmailVerified, caller.IsPlatformAdmin);
    }

    private static async Task<RegeneratedView> RegenerateKey(Caller caller, Body<ConfirmRegeneration> body, Users users)
    {
        if (body.Value.Confirm != true)
        {
            throw new Fault(400, "CONFIRMATION_NEEDED", "This makes the current token and all agents' tokens void")
            {
                Hint = "Send {\"confirm\": true} if that is what you want.",
                Fix = new Fix("POST", "/auth/regenerate-key", new { confirm = true }),
            };
        }

        var user = await users.Find(caller.RequireUserId());
        if (user is { Email: not null, EmailVerified: false })
        {
            throw Fault.Forbidden("The user's email is not verified", "Verify it first: POST /auth/resend-verification sends a new code.");
        }

        var (secrets, agents) = await users.RegenerateKey(user);
        return new RegeneratedView(user.UserId, secrets.Token, secrets.PublicKey, secrets.PrivateKey!,
            secrets.Signing.PublicKey, secrets.Signing.PrivateKey, agents);
    }

    private static async Task<OkView> Delete(string userId, Caller caller, Users users)
    {
        if (userId != caller.UserId && !caller.IsPlatformAdmin)
        {
            throw Fault.Forbidden("Only the user can delete the user");
        }

        await users.Delete(await users.Find(userId));
        return new OkView(true);
    }

    private static bool HasPlatformSecret(HttpRequest request, RemixSettings settings) => settings.PlatformSecret is { } secret
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers["X-Platform-Secret"].ToString()), Encoding.UTF8.GetBytes(secret));
}

internal sealed record RegisterUser(string UserId, string? PublicKey) : IReadFields<RegisterUser>
{
    private const int KeyLengthMax = 64;

    public static RegisterUser Read(Fields fields)
    {
        var wish = new RegisterUser(fields.RequiredName("user_id", pair: false, "oeway"), fields.Text("public_key", KeyLengthMax));
        if (User.Reserved.Contains(wish.UserId))
        {
            fields.Problem("user_id", $"'{wish.UserId}' is a word of our own addresses; choose another");
        }

        if (wish.PublicKey is { } key && !KeyPair.IsPublicKey(key))
        {
            fields.Problem("public_key", "Expected an X25519 public key: 32 bytes in base64", "invalid_string");
        }

        return wish;
    }
}

internal sealed record ConfirmRegeneration(bool? Confirm) : IReadFields<ConfirmRegeneration>
{
    public static ConfirmRegeneration Read(Fields fields) => new(fields.Truth("confirm"));
}

internal sealed record SecretsView(
    string UserId, string Token, string PublicKey,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PrivateKey,
    string SigningPublicKey, string SigningPrivateKey)
{
    public static SecretsView Of(string userId, NewSecrets secrets) =>
        new(userId, secrets.Token, secrets.PublicKey, secrets.PrivateKey, secrets.Signing.PublicKey, secrets.Signing.PrivateKey);
}

internal sealed record RegeneratedView(
    string UserId, string Token, string PublicKey, string PrivateKey, string SigningPublicKey, string SigningPrivateKey, int AgentsUpdated);

internal sealed record IdentityView(
    string AuthType, string UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AgentId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Email,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? EmailVerified,
    bool IsPlatformAdmin);
