using System.Data.Common;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;

namespace Remix.Identity.Tokens;

/// <summary>
/// Token → holder. What was found is kept for under a second, and dropped at once when it changes on this node: a
/// revoked token is refused within a second on every node, whatever becomes of the wake-up call.
/// </summary>
internal sealed class TokenHolders
{
    private readonly BriefCache<string, TokenHolder> known;
    private readonly Database database;

    public TokenHolders(Database database, Signals signals, TimeProvider clock)
    {
        this.database = database;
        known = new BriefCache<string, TokenHolder>(clock, StringComparer.Ordinal);
        signals.Listen(Changed, _ => known.Forget());
    }

    /// <summary>Signal that tokens were made, replaced or revoked.</summary>
    public static string Changed => "tokens";

    public async ValueTask<TokenHolder?> Find(string token)
    {
        if (known.TryGet(token, out var kept))
        {
            return kept;
        }

        var version = known.Version;
        var holder = await Read(Token.Hash(token));

        // Unknown tokens are not kept: anybody can make them up, and fill the memory with them.
        if (holder is not null)
        {
            known.Keep(token, holder, version);
        }

        return holder;
    }

    /// <summary>The user or agent of that name.</summary>
    public Task<TokenHolder?> Named(string name) => database.Read(session => session.First("""
        select u.user_id, a.agent_id, a.permissions, a.archived_at, u.public_key,
            case when u.email_verified then u.email end from users u
        left join agents a on a.user_id = u.user_id and a.agent_id = $1
        where u.user_id = $2 and (a.agent_id is not null or u.user_id = $1)
        """, Row, name, name.Split('/')[0]));

    private Task<TokenHolder?> Read(string hash) => database.Read(session => session.First("""
        select t.user_id, t.agent_id, a.permissions, a.archived_at, u.public_key,
            case when u.email_verified then u.email end from tokens t
        join users u on u.user_id = t.user_id
        left join agents a on a.agent_id = t.agent_id where t.hash = $1
        """, Row, hash));

    private static TokenHolder Row(DbDataReader row) => new(row.GetString(0), row.Text(1), row.GetString(4),
        row.Text(2) is { } permissions ? AgentPermissions.Parse(permissions) : AgentPermissions.All, row.Long(3) is not null, row.Text(5));
}
