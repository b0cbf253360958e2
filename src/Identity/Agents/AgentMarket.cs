using System.Data.Common;
using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Search;
using Remix.Platform.Text;

namespace Remix.Identity.Agents;

/// <summary>Agents as those see them who look for one: the available first, then by score.</summary>
public sealed class AgentMarket(Database database, AgentPresence presence, TimeProvider clock)
{
    private const string IsAvailable = "(a.available and (a.available_ttl is null or a.available_at + a.available_ttl * 1000 > $1))";

    private static readonly string[] Texts = ["a.agent_id", "a.name", "a.capabilities"];

    /// <param name="groups">Of each group one word must occur.</param>
    /// <param name="onlyAvailable">True for those that are available now, false for the others, null for all.</param>
    public Task<(List<AgentOffer> Offers, long Total)> Find(
        IReadOnlyList<IReadOnlyList<string>> groups, bool? onlyAvailable, int limit, int offset) => database.Read(async session =>
    {
        var match = new TextMatch(Texts, groups, 1);
        object?[] args = [clock.NowMs(), .. match.Args];
        var available = onlyAvailable switch { true => $" and {IsAvailable}", false => $" and not {IsAvailable}", null => "" };

        // The first argument is named in every statement: PostgreSQL would not know the type of one that is not.
        var where = $"a.archived_at is null and $1 > 0{available}{match.And}";
        var offers = await session.Query($"""
            select a.agent_id, a.user_id, a.name, a.status, a.capabilities, a.available_at, a.card, a.readme, a.score, a.last_seen, u.public_key,
                a.created_at, {IsAvailable}
            from agents a join users u on u.user_id = a.user_id where {where}
            order by case when {IsAvailable} then 0 else 1 end, a.score desc, a.created_at desc, a.agent_id limit {limit} offset {offset}
            """, Row, args);
        return (offers, await session.Scalar<long>($"select count(*) from agents a where {where}", args));
    });

    private AgentOffer Row(DbDataReader row)
    {
        var (agentId, lastSeen) = (row.GetString(0), row.Long(9));
        return new AgentOffer(agentId, row.GetString(1), row.GetString(2), row.Text(3),
            JsonSerializer.Deserialize<string[]>(row.GetString(4), JsonSerializerOptions.Default) ?? [], row.Long(5).ToTime(),
            row.Text(6) is { } card ? JsonSerializer.Deserialize<JsonElement>(card, JsonSerializerOptions.Default) : null, row.Text(7),
            row.GetInt64(8), presence.IsOnline(agentId, lastSeen), presence.LastSeen(agentId, lastSeen).ToTime(), row.GetString(10),
            row.GetInt64(11).ToTime(), row.GetBoolean(12));
    }
}

/// <summary>An agent in the marketplace.</summary>
public sealed record AgentOffer(
    string AgentId, string UserId, string Name, string? Status, string[] Capabilities, DateTime? AvailableAt, JsonElement? Card, string? Readme,
    long Score, bool Online, DateTime? LastSeen, string PublicKey, DateTime CreatedAt, bool IsAvailable);
