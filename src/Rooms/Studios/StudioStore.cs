using System.Data.Common;
using System.Text.Json;
using Remix.Identity;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Studios;

/// <summary>
/// The studios and who subscribes to them. Everybody has the one named default; it gets its row when it is first needed,
/// since accounts are made where nobody knows of studios.
/// </summary>
internal sealed class StudioStore(Database database, TimeProvider clock)
{
    private const string Columns =
        "studio_id, owner, name, description, avatar_url, banner_url, tags, visibility, subscriber_count, archived_at, created_at";

    /// <summary>Makes the row of a user's default studio, unless it is there.</summary>
    public static async ValueTask Ensure(SqlSession session, string studioId, long nowMs)
    {
        if (studioId == Studio.DefaultOf(Names.OwnerOf(studioId)))
        {
            await Insert(session, Studio.Default(Names.OwnerOf(studioId), nowMs), "on conflict (studio_id) do nothing");
        }
    }

    /// <summary>The studio as this caller may know of it; else 404.</summary>
    public async Task<Studio> Find(string studioId, Caller caller)
    {
        if (Names.IsPair(studioId) && await Find(studioId) is { } studio && (studio.Owner == caller.UserId
            || (studio.ArchivedAt is null && studio.Visibility != StudioVisibility.Private)))
        {
            return studio;
        }

        throw Fault.NotFound("Studio", "Studios are addressed as /studios/{owner}/{studio}; GET /studios lists them.");
    }

    /// <summary>Throws unless the studio is the caller's user's own and at work; null names none, which is always right.</summary>
    public async Task RequireOwn(Caller caller, string? studioId)
    {
        if (studioId is null)
        {
            return;
        }

        if (Names.OwnerOf(studioId) != caller.UserId)
        {
            throw new Fault(403, "NOT_YOUR_STUDIO", $"{studioId} is not a studio of {caller.UserId}")
            {
                Hint = "A room works for a studio of its own owner. Leave studio_id out for the default one.",
            };
        }

        var studio = await Find(studioId) ?? throw Fault.Invalid("studio_id", $"There is no studio {studioId}");
        if (studio.ArchivedAt is not null)
        {
            throw Fault.Conflict("STUDIO_ARCHIVED", $"The studio {studioId} is archived", "Bring it back, or work for another.",
                new Fix("POST", $"/studios/{studioId}/unarchive"));
        }
    }

    private async Task<Studio?> Find(string studioId) => await database.Read(session => Find(session, studioId));

    private async ValueTask<Studio?> Find(SqlSession session, string studioId)
    {
        if (await session.First($"select {Columns} from studios where studio_id = $1", Row, studioId) is { } studio)
        {
            return studio;
        }

        var owner = Names.OwnerOf(studioId);
        return studioId == Studio.DefaultOf(owner) && await session.Scalar<long?>("select created_at from users where user_id = $1",
            owner) is { } since
            ? Studio.Default(owner, since) : null;
    }

    public Task Create(Studio studio) => database.Write(async session =>
    {
        if (await session.Scalar<long>("select count(*) from studios where owner = $1", studio.Owner) >= Studio.PerUserMax)
        {
            throw Fault.Conflict("TOO_MANY_STUDIOS", $"A user has at most {Studio.PerUserMax} studios", "Work in the ones there are.");
        }

        if (studio.IsDefault || await Insert(session, studio, "on conflict (studio_id) do nothing") == 0)
        {
            throw Fault.Conflict("STUDIO_EXISTS", $"The studio {studio.StudioId} exists already",
                "Choose another studio_id, or change the one there is.",
                new Fix("PATCH", $"/studios/{studio.StudioId}", new { name = studio.Name }));
        }
    });

    public Task<Studio> Change(string studioId, ChangeStudio change) => database.Write(async session =>
    {
        await Ensure(session, studioId, clock.NowMs());
        var studio = change.Applied(await Find(session, studioId) ?? throw Fault.NotFound("Studio"));
        await session.Execute("""
            update studios set name = $1, description = $2, avatar_url = $3, banner_url = $4, tags = $5, visibility = $6 where studio_id = $7
            """, studio.Name, studio.Description, studio.AvatarUrl, studio.BannerUrl, Json(studio.Tags), EnumText.Of(studio.Visibility), studioId);
        return studio;
    });

    public Task Archive(string studioId) => database.Write(session => session.Execute(
        "update studios set archived_at = $1 where studio_id = $2 and archived_at is null", clock.NowMs(), studioId));

    public Task Unarchive(string studioId) => database.Write(session => session.Execute(
        "update studios set archived_at = null where studio_id = $1", studioId));

    /// <summary>Those whom anybody may find, and one's own; the most subscribed, the newest, or the most subscribed of the last week.</summary>
    public Task<(List<Studio> Page, long Total)> Browse(BrowseStudios wish, string? userId) => database.Read(async session =>
    {
        const long weekMs = 7 * 24 * 3600 * 1000L;
        var order = wish.Sort switch
        {
            StudioSort.Newest => "created_at desc",
            StudioSort.Trending => $"""
                (select count(*) from studio_subscriptions s where s.studio_id = studios.studio_id and s.created_at > {clock.NowMs() - weekMs}) desc,
                subscriber_count desc
                """,
            _ => "subscriber_count desc, created_at desc",
        };
        const string where = """
            archived_at is null and (visibility = 'listed' or owner = $1) and ($2 = '' or owner = $2)
            and ($3 = '' or lower(name) like $3 escape '!' or lower(coalesce(description, '')) like $3 escape '!'
                or studio_id like $3 escape '!' or lower(tags) like $3 escape '!')
            """;
        object?[] args = [userId ?? "", wish.Owner ?? "", Pattern(wish.Q)];
        return (await session.Query($"""
            select {Columns} from studios where {where} order by {order}, studio_id limit {wish.Limit} offset {wish.Offset}
            """, Row, args), await session.Scalar<long>($"select count(*) from studios where {where}", args));
    });

    /// <summary>A user's own, archived ones too, the default one first.</summary>
    public async Task<List<Studio>> Of(string userId)
    {
        await database.Write(session => Ensure(session, Studio.DefaultOf(userId), clock.NowMs()));
        return await database.Read(session => session.Query(
            $"select {Columns} from studios where owner = $1 order by case when studio_id = $2 then 0 else 1 end, created_at, studio_id",
            Row, userId, Studio.DefaultOf(userId)));
    }

    private static ValueTask<int> Insert(SqlSession session, Studio studio, string conflict) => session.Execute($"""
        insert into studios ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) {conflict}
        """, studio.StudioId, studio.Owner, studio.Name, studio.Description, studio.AvatarUrl, studio.BannerUrl, Json(studio.Tags),
        EnumText.Of(studio.Visibility), studio.SubscriberCount, studio.ArchivedAt, studio.CreatedAt);

    private static string Pattern(string? q) => string.IsNullOrWhiteSpace(q) ? "" : $"%{q.Trim().ToLowerInvariant()
        .Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";

    private static string Json(string[] tags) => JsonSerializer.Serialize(tags, JsonSerializerOptions.Default);

    internal static Studio Row(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.Text(3), row.Text(4), row.Text(5),
        JsonSerializer.Deserialize<string[]>(row.GetString(6), JsonSerializerOptions.Default) ?? [],
            EnumText.Parse<StudioVisibility>(row.GetString(7)),
        row.GetInt64(8), row.Long(9), row.GetInt64(10));
}
