using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Games.Library;

/// <summary>The games and their versions. The only writer of their tables but for what a review decides.</summary>
internal sealed class GameStore(Database database, TimeProvider clock)
{
    public Task<Game?> Find(Guid id) => database.Read(session => Find(session, id));

    public Task<GameVersion?> FindVersion(Guid gameId, Guid versionId) => database.Read(session => session.First(
        $"select {GameVersion.Columns} from game_versions where id = $1 and game_id = $2", GameVersion.Row, versionId, gameId));

    /// <summary>The version that a preview's address names.</summary>
    public Task<GameVersion?> FindByPreview(Guid key) => database.Read(session => session.First(
        $"select {GameVersion.Columns} from game_versions where preview_key = $1", GameVersion.Row, key));

    /// <summary>The game that was launched as this creation, in any of its versions.</summary>
    public Task<Game?> FindByRoom(string roomId) => database.Read(session => session.First(
        $"select {Game.Columns} from games where room_id = $1 and source_dir is null", Game.Row, roomId));

    public Task<List<Game>> OfOwner(string owner) => database.Read(session => session.Query(
        $"select {Game.Columns} from games where owner = $1 order by updated_at desc, id", Game.Row, owner));

    public Task<List<Game>> Launched(int limit) => database.Read(session => session.Query(
        $"select {Game.Columns} from games where creation_id is not null order by launched_at desc, id limit $1", Game.Row, limit));

    public Task<List<GameVersion>> Versions(Guid gameId) => database.Read(session => session.Query(
        $"select {GameVersion.Columns} from game_versions where game_id = $1 order by number desc", GameVersion.Row, gameId));

    /// <summary>A game and its first version; refused when the owner has as many in development as there may be.</summary>
    public Task<(Game Game, GameVersion Version)> Create(string owner, string name, bool isCapped) => database.Write(async session =>
    {
        if (isCapped)
        {
            // Two calls at once would both find room for one more.
            await Accounts(session, owner);
            var developing = await session.Scalar<long>("select count(*) from games where owner = $1 and launched_at is null", owner);
            if (developing >= Game.InDevelopmentMax)
            {
                throw GameFaults.TooMany();
            }
        }

        var now = clock.NowMs();
        var game = new Game(Guid.CreateVersion7(), owner, name, [], null, null, null, null, null, null, null, null, now, now);
        await session.Execute($"insert into games (id, owner, name, categories, created_at, updated_at) values ($1, $2, $3, '[]', $4, $5)",
            game.Id, owner, name, now, now);
        return (game, await AddVersion(session, game.Id, 1, null, now));
    });

    /// <summary>A new version with the code of the newest one.</summary>
    public Task<GameVersion> CreateVersion(Guid gameId) => database.Write(async session =>
    {
        await Hold(session, gameId);
        if (await Find(session, gameId) is { SourceDir: not null } published)
        {
            throw GameFaults.OfRoom(published);
        }

        var newest = await session.First($"select {GameVersion.Columns} from game_versions where game_id = $1 order by number desc limit 1",
            GameVersion.Row, gameId);
        if (newest is { Number: >= Game.VersionsMax })
        {
            throw Platform.Faults.Fault.Conflict("TOO_MANY_VERSIONS", $"A game has at most {Game.VersionsMax} versions",
                "Delete one that never went live.");
        }

        return await AddVersion(session, gameId, (newest?.Number ?? 0) + 1, newest?.CodeSha256, clock.NowMs());
    });

    public Task Update(Guid gameId, string? name, string[]? categories) => database.Write(async session =>
    {
        await session.Execute("update games set name = coalesce($1, name), categories = coalesce($2, categories), updated_at = $3 where id = $4",
            name, categories is null ? null : JsonSerializer.Serialize(categories), clock.NowMs(), gameId);
    });

    public Task SetIcon(Guid gameId, string sha256, string type) => database.Write(session =>
        Discard(session.Execute("update games set icon_sha256 = $1, icon_type = $2, updated_at = $3 where id = $4", sha256, type, clock.NowMs(),
            gameId)));

    public Task SetCover(Guid gameId, string sha256, string name) => database.Write(session =>
        Discard(session.Execute("update games set cover_sha256 = $1, cover_name = $2, updated_at = $3 where id = $4", sha256, name,
            clock.NowMs(), gameId)));

    public Task SetRoom(Guid gameId, string roomId) => database.Write(session =>
        Discard(session.Execute("update games set room_id = $1 where id = $2", roomId, gameId)));

    /// <summary>Names new code and forgets all that was found out about the old one; refused once the version is out of the author's hands.</summary>
    public Task SetCode(Guid gameId, Guid versionId, string sha256) => database.Write(async session =>
    {
        var (game, version) = await Editable(session, gameId, versionId);
        await session.Execute("""
            update game_versions set code_sha256 = $1, submitted_at = null, approved_at = null, launched_at = null, feedback = null,
                evidence = null, updated_at = $2 where id = $3
            """, sha256, clock.NowMs(), version.Id);
        await session.Execute("update games set updated_at = $1 where id = $2", clock.NowMs(), game.Id);
    });

    /// <summary>The version as it is now, held until the transaction ends; throws when it may no longer be changed.</summary>
    public static async ValueTask<(Game Game, GameVersion Version)> Editable(SqlSession session, Guid gameId, Guid versionId)
    {
        var (game, version) = await Held(session, gameId, versionId);
        RequireEditable(game, version);
        return (game, version);
    }

    public static async ValueTask<(Game Game, GameVersion Version)> Held(SqlSession session, Guid gameId, Guid versionId)
    {
        await Hold(session, gameId);
        var version = await session.First($"select {GameVersion.Columns} from game_versions where id = $1 and game_id = $2",
            GameVersion.Row, versionId, gameId) ?? throw GameFaults.VersionNotFound();
        return (await Find(session, gameId) ?? throw GameFaults.VersionNotFound(), version);
    }

    public static void RequireEditable(Game game, GameVersion version)
    {
        if (game.LiveVersionId == version.Id)
        {
            throw GameFaults.LiveLocked(game);
        }

        if (!version.IsEditable)
        {
            throw GameFaults.NotEditable(version.Status);
        }
    }

    /// <summary>Removes a game that was never launched; what people play stays.</summary>
    public Task Delete(Guid gameId) => database.Write(async session =>
    {
        await Hold(session, gameId);
        if (await Find(session, gameId) is { LaunchedAt: not null })
        {
            throw Platform.Faults.Fault.Conflict("LAUNCHED", "This game was launched: people play it, and its scores are theirs");
        }

        await GameErasure.Game(session, gameId);
    });

    /// <summary>Removes a version nobody was ever asked to look at, unless it is the only one.</summary>
    public Task DeleteVersion(Guid gameId, Guid versionId) => database.Write(async session =>
    {
        var (game, version) = await Editable(session, gameId, versionId);
        if (await session.Scalar<long>("select count(*) from game_versions where game_id = $1", game.Id) == 1)
        {
            throw Platform.Faults.Fault.Conflict("LAST_VERSION", "A game has at least one version", "Delete the game instead.");
        }

        await session.Execute("delete from game_versions where id = $1", version.Id);
    });

    public Task SetEvidence(Guid versionId, string evidence) => database.Write(session =>
        Discard(session.Execute("update game_versions set evidence = $1 where id = $2", evidence, versionId)));

    private static ValueTask<Game?> Find(SqlSession session, Guid id) =>
        session.First($"select {Game.Columns} from games where id = $1", Game.Row, id);

    private static async ValueTask<GameVersion> AddVersion(SqlSession session, Guid gameId, long number, string? code, long now)
    {
        var version = new GameVersion(Guid.CreateVersion7(), gameId, number, Guid.NewGuid(), code, null, null, null, null, null, now, now);
        await session.Execute("""
            insert into game_versions (id, game_id, number, preview_key, code_sha256, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7)
            """, version.Id, gameId, number, version.PreviewKey, code, now, now);
        return version;
    }

    private static ValueTask<int> Hold(SqlSession session, Guid gameId) =>
        session.Execute("update games set updated_at = updated_at where id = $1", gameId);

    /// <summary>Lets one transaction at a time count an owner's games: the row of the newest one stands for them all.</summary>
    private static ValueTask<int> Accounts(SqlSession session, string owner) =>
        session.Execute("update games set updated_at = updated_at where owner = $1 and launched_at is null", owner);

    private static async ValueTask Discard(ValueTask<int> changed) => await changed;
}
