using System.Data.Common;
using Remix.Identity.Tokens;
using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Identity.ApiKeys;

/// <summary>The API keys of people: made, found by their hash, revoked. The only writer of their table.</summary>
public sealed class ApiKeyStore
{
    private const long UseNotedEveryMs = 60_000;

    private readonly Database database;
    private readonly TimeProvider clock;

    internal ApiKeyStore(Database database, TimeProvider clock) => (this.database, this.clock) = (database, clock);

    /// <summary>What is shown once: the key itself.</summary>
    public sealed record Made(Guid Id, string Name, string Key, long CreatedAt);

    /// <summary>What is shown of a key afterwards.</summary>
    public sealed record Known(Guid Id, string Name, string Prefix, long CreatedAt, long? LastUsed);

    public Task<Made> Create(string userId, string name) => database.Write(async session =>
    {
        // Taken first, so that two calls at once do not both find room for one more.
        await session.Execute("update users set user_id = user_id where user_id = $1", userId);
        if (await session.Scalar<long>("select count(*) from api_keys where user_id = $1", userId) >= ApiKey.PerUserMax)
        {
            throw Fault.Conflict("TOO_MANY_KEYS", $"A user has at most {ApiKey.PerUserMax} API keys", "Revoke one that is no longer used.",
                new Fix("GET", "/me/api-keys"));
        }

        var made = new Made(Guid.CreateVersion7(), name, ApiKey.NewSecret(), clock.NowMs());
        await session.Execute("insert into api_keys (id, user_id, name, prefix, hash, created_at) values ($1, $2, $3, $4, $5, $6)",
            made.Id, userId, name, ApiKey.PrefixOf(made.Key), Token.Hash(made.Key), made.CreatedAt);
        return made;
    });

    public Task<List<Known>> Of(string userId) => database.Read(session => session.Query(
        "select id, name, prefix, created_at, last_used from api_keys where user_id = $1 order by created_at desc, id", Row, userId));

    /// <summary>Void at once.</summary>
    public async Task Revoke(string userId, Guid id)
    {
        var revoked = await database.Write(session => session.Execute("delete from api_keys where id = $1 and user_id = $2", id, userId));
        if (revoked == 0)
        {
            throw Fault.NotFound("API key", "GET /me/api-keys lists the keys there are.");
        }
    }

    /// <summary>Whom the key stands for, noting at most once a minute that it was used; null for one that is not known.</summary>
    internal async Task<ApiKeyHolder?> Find(string key)
    {
        var now = clock.NowMs();
        var found = await database.Read(session => session.First("""
            select k.id, k.user_id, u.banned_at, k.last_used from api_keys k
            left join users u on u.user_id = k.user_id where k.hash = $1
            """, row => new Entry(new ApiKeyHolder(row.GetGuid(0), row.Text(1), row.Long(2) is not null), row.Long(3)), Token.Hash(key)));
        if (found is not null && (found.LastUsed is not { } last || now - last >= UseNotedEveryMs))
        {
            await database.Write(session => session.Execute("update api_keys set last_used = $1 where id = $2", now, found.Holder.Id));
        }

        return found?.Holder;
    }

    private static Known Row(DbDataReader row) => new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.Long(4));

    private sealed record Entry(ApiKeyHolder Holder, long? LastUsed);
}

/// <summary>When a user goes, their keys name nobody any more.</summary>
internal sealed class ApiKeyErasure : UserErasure
{
    public override async ValueTask Erase(SqlSession session, string userId) =>
        await session.Execute("update api_keys set user_id = null, name = '' where user_id = $1", userId);
}
