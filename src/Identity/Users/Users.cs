using Microsoft.EntityFrameworkCore;
using Remix.Identity.Agents;
using Remix.Identity.Keys;
using Remix.Identity.Tokens;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Realtime;
using Remix.Platform.Text;

namespace Remix.Identity.Users;

/// <summary>The users, their keys and their tokens.</summary>
internal sealed class Users(
    RemixDb db, Signals signals, TimeProvider clock, IEnumerable<UserErasure> erasures, IEnumerable<AgentWitness> witnesses)
{
    private DbSet<User> All => db.Set<User>();

    public async Task<User> Find(string userId) =>
        await All.SingleOrDefaultAsync(user => user.UserId == userId) ?? throw Fault.NotFound("User");

    public Task<bool> Exists(string userId) => All.AnyAsync(user => user.UserId == userId);

    /// <summary>Registers a user, making the key pairs that were not brought. Returns the secrets, which are not kept.</summary>
    public async Task<(User User, NewSecrets Secrets)> Register(string userId, string? publicKey)
    {
        var secrets = NewSecrets.Make(publicKey);
        var user = new User
        {
            UserId = userId,
            PublicKey = secrets.PublicKey,
            SigningPublicKey = secrets.Signing.PublicKey,
            OwnKey = publicKey is not null,
            CreatedAt = clock.NowMs(),
        };
        All.Add(user);
        try
        {
            await db.Commit(session => AddToken(session, secrets.Token, userId, null));
        }
        catch (Exception e) when (DatabaseKind.IsUniqueViolation(e))
        {
            throw Fault.Conflict("USER_EXISTS", $"The user id {userId} is taken",
                "Choose another one; if it is yours, use the token you were given when you registered it.");
        }

        return (user, secrets);
    }

    /// <summary>
    /// Gives the user new keys and a new token, and every agent the token that follows from it; all old tokens are void
    /// when this returns. Returns the number of agents.
    /// </summary>
    public async Task<(NewSecrets Secrets, int Agents)> RegenerateKey(User user)
    {
        var secrets = NewSecrets.Make(null);
        (user.PublicKey, user.SigningPublicKey, user.OwnKey) = (secrets.PublicKey, secrets.Signing.PublicKey, false);
        var agents = await db.Commit(async session =>
        {
            var agentIds = await session.Query("select agent_id from agents where user_id = $1", row => row.GetString(0), user.UserId);
            await session.Execute("delete from tokens where user_id = $1", user.UserId);
            await AddToken(session, secrets.Token, user.UserId, null);
            foreach (var agentId in agentIds)
            {
                await AddToken(session, Token.OfAgent(secrets.Token, agentId), user.UserId, agentId);
            }

            AccessLost(session, user.UserId);
            return agentIds.Count;
        });
        return (secrets, agents);
    }

    /// <summary>Removes the user and all that is theirs, in every module, at once.</summary>
    public Task Delete(User user) => db.Commit(async session =>
    {
        foreach (var erasure in erasures.Reverse())
        {
            await erasure.Erase(session, user.UserId);
        }

        foreach (var agentId in await session.Query("select agent_id from agents where user_id = $1 order by agent_id",
            row => row.GetString(0), user.UserId))
        {
            foreach (var witness in witnesses)
            {
                await witness.Erase(session, agentId);
            }
        }

        await session.Execute("delete from tokens where user_id = $1", user.UserId);
        await session.Execute("delete from agents where user_id = $1", user.UserId);
        await session.Execute("delete from users where user_id = $1", user.UserId);
        AccessLost(session, user.UserId);
    });

    internal async ValueTask AddToken(SqlSession session, string token, string userId, string? agentId)
    {
        await session.Execute("insert into tokens (hash, user_id, agent_id, created_at) values ($1, $2, $3, $4)",
            Token.Hash(token), userId, agentId, clock.NowMs());
        session.AfterCommit(() => signals.Send(TokenHolders.Changed, userId));
    }

    private void AccessLost(SqlSession session, string userId) => session.AfterCommit(() =>
    {
        signals.Send(TokenHolders.Changed, userId);
        signals.Send(LiveHub.AccessLost, userId);
    });
}

/// <summary>What a module removes of a user who leaves, within the transaction in which the user goes.</summary>
public abstract class UserErasure
{
    public abstract ValueTask Erase(SqlSession session, string userId);
}

/// <summary>What a user is given once and must keep.</summary>
internal sealed record NewSecrets(string Token, string PublicKey, string? PrivateKey, KeyPair Signing)
{
    public static NewSecrets Make(string? publicKey)
    {
        if (publicKey is not null)
        {
            return new NewSecrets(Tokens.Token.Random(), publicKey, null, KeyPair.Ed25519());
        }

        var pair = KeyPair.X25519();
        return new NewSecrets(Tokens.Token.OfUser(pair.PrivateKey), pair.PublicKey, pair.PrivateKey, KeyPair.Ed25519());
    }
}
