using Remix.Identity.Agents;
using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Identity;

/// <summary>Making accounts from within: the sign-up page, and the platform's own user.</summary>
public sealed class Accounts
{
    private readonly RemixDb db;
    private readonly Users.Users users;
    private readonly AgentStore agents;
    private readonly TimeProvider clock;

    internal Accounts(RemixDb db, Users.Users users, AgentStore agents, TimeProvider clock)
    {
        (this.db, this.users, this.agents, this.clock) = (db, users, agents, clock);
    }

    /// <summary>What is shown to a new user once.</summary>
    public sealed record Secrets(string UserId, string Token, string PublicKey, string PrivateKey, string SigningPublicKey, string SigningPrivateKey);

    /// <summary>The id must be a name that is neither reserved nor taken; throws the fault that says so.</summary>
    public async Task<Secrets> Register(string userId)
    {
        var fields = Platform.Http.Fields.OfBody(Platform.Http.RemixJson.Element(new { user_id = userId }));
        RegisterUser.Read(fields);
        if (userId == User.Platform)
        {
            fields.Problem("user_id", $"'{userId}' is reserved for the platform; choose another");
        }

        fields.ThrowIfInvalid();
        var (user, made) = await users.Register(userId, null);
        return new Secrets(user.UserId, made.Token, made.PublicKey, made.PrivateKey!, made.Signing.PublicKey, made.Signing.PrivateKey);
    }

    /// <summary>The platform's own agent <c>remix/{name}</c>, made with its user when it is not there. Nobody holds its token.</summary>
    public async Task<Caller> PlatformAgent(string name, string title, string readme)
    {
        var agentId = $"{User.Platform}/{name}";
        if (await db.Set<User>().FindAsync(User.Platform) is null)
        {
            await users.Register(User.Platform, null);
        }

        if (await db.Set<Agent>().FindAsync(agentId) is null)
        {
            var agent = new Agent
            {
                AgentId = agentId,
                UserId = User.Platform,
                Name = title,
                Permissions = AgentPermissions.All.ToJson(),
                Readme = readme,
                CreatedAt = clock.NowMs(),
            };
            await agents.Create(agent, Tokens.Token.Random());
        }

        return new Caller { UserId = User.Platform, AgentId = agentId };
    }
}
