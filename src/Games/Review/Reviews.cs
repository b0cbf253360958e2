using Remix.Creations;
using Remix.Games.Library;
using Remix.Games.Serving;
using Remix.Games.Validation;
using Remix.Identity;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Games.Review;

/// <summary>A version's way to the players: handed in, looked at, approved or sent back, launched as a creation.</summary>
internal sealed class Reviews(
    Database database, GameStore games, GameAssets assets, GameCode code, GameRooms rooms, Workshop workshop, BlobStore blobs, TimeProvider clock)
{
    public const string Type = "application";
    public const string Category = "games";

    /// <summary>What waits for an admin: in review, and approved but not launched; the longest waiting first.</summary>
    public Task<List<(Game Game, GameVersion Version)>> Queue() => database.Read(async session =>
    {
        const int limit = 200;
        var versions = await session.Query($"""
            select {GameVersion.Columns} from game_versions where submitted_at is not null and launched_at is null order by submitted_at, id limit $1
            """, GameVersion.Row, limit);
        var queue = new List<(Game, GameVersion)>();
        foreach (var version in versions)
        {
            if (await session.First($"select {Game.Columns} from games where id = $1", Game.Row, version.GameId) is { } game)
            {
                queue.Add((game, version));
            }
        }

        return queue;
    });

    /// <summary>Hands a version in. Refused while something blocks it, or while the feed would refuse its page.</summary>
    public async Task Submit(Game game, GameVersion version, CancellationToken cancel)
    {
        GameStore.RequireEditable(game, version);
        var report = await code.Judge(game, version, cancel);
        var scan = report.Warnings.Where(warning => warning.Code.StartsWith("SCAN_", StringComparison.Ordinal)).ToList();
        if (!report.Valid || scan.Count > 0)
        {
            throw Fault.Conflict("NOT_READY", $"{report.Blockers.Count + scan.Count} things stand in the way: "
                + string.Join(" ", report.Blockers.Select(blocker => blocker.Message).Concat(scan.Select(warning => warning.Message))),
                "Mend them; the check-list says how.", new Fix("GET", $"/games/{game.Id}/versions/{version.Id}/validate"));
        }

        await Change(game, version, (now, known) =>
        {
            GameStore.RequireEditable(known.Game, known.Version);
            if (known.Version.CodeSha256 != version.CodeSha256)
            {
                throw Fault.Conflict("CHANGED_MEANWHILE", "The code was changed at the same moment", "Look at the check-list again, then submit.");
            }

            return ("submitted_at = $1, feedback = null", now);
        });
    }

    public Task Approve(Game game, GameVersion version) => Change(game, version, (now, known) => known.Version.Status == GameStatus.Review
        ? ("approved_at = $1", now) : throw Wrong(known.Version, "in review"));

    /// <summary>Back to its author, who may change it again.</summary>
    public Task SendBack(Game game, GameVersion version, string feedback) => Change(game, version, (_, known) =>
        known.Version.Status is GameStatus.Review or GameStatus.Approved
            ? ("submitted_at = null, approved_at = null, feedback = $1", feedback) : throw Wrong(known.Version, "in review or approved"));

    /// <summary>Publishes an approved version as a creation, in place of the one that was live.</summary>
    public async Task<Guid> Launch(Game game, GameVersion version, CancellationToken cancel)
    {
        if (version.Status != GameStatus.Approved)
        {
            throw Wrong(version, "approved");
        }

        var room = await rooms.Ensure(game);
        var (content, cover) = await Content(game, version, cancel);
        var work = new Workshop.Work(Topic(game), Description(game), Type, [.. new[] { "game", "play", "leaderboard" }.Concat(game.Categories)],
            Category);
        var outcome = await workshop.PublishApproved(room, GameRooms.Folder, content, cover, work, cancel);
        if (outcome.Id is not { } creation)
        {
            throw Fault.Conflict("LAUNCH_REFUSED", $"The feed refuses this game: {string.Join(" ", outcome.Reasons)}", "Send it back to its author.");
        }

        await database.Write(async session =>
        {
            var now = clock.NowMs();
            await session.Execute("update game_versions set launched_at = $1, updated_at = $2 where id = $3", now, now, version.Id);
            await session.Execute("""
                update games set live_version_id = $1, creation_id = $2, launched_at = coalesce(launched_at, $3), updated_at = $3 where id = $4
                """, version.Id, creation, now, game.Id);
        });
        await rooms.Reveal((await games.Find(game.Id))!);
        return creation;
    }

    private async Task<(Dictionary<string, byte[]> Content, string Cover)> Content(Game game, GameVersion version, CancellationToken cancel)
    {
        var page = await code.Read(version, cancel) ?? throw GameFaults.VersionNotFound();
        var content = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["index.html"] = System.Text.Encoding.UTF8.GetBytes(SdkInjection.Rewrite(page)),
        };
        foreach (var asset in await assets.Of(game.Id))
        {
            content[GameAssets.Folder + asset.Name] = await blobs.Bytes(asset.Sha256, cancel);
        }

        var cover = game.CoverName ?? GameCover.Name;
        content[cover] = game.CoverSha256 is { } sha256 ? await blobs.Bytes(sha256, cancel) : GameCover.Of(game.Name, game.Id);
        return (content, cover);
    }

    private async Task Change<T>(Game game, GameVersion version, Func<long, (Game Game, GameVersion Version), (string Set, T Value)> decide) =>
        await database.Write(async session =>
        {
            var now = clock.NowMs();
            var (set, value) = decide(now, await GameStore.Held(session, game.Id, version.Id));
            await session.Execute($"update game_versions set {set}, updated_at = $2 where id = $3", value, now, version.Id);
        });

    private static string Topic(Game game) => game.Name.Length > 0 ? game.Name : "A game";

    private static string Description(Game game) => $"{Topic(game)} is a game to play right here, with a finger or with keys"
        + $"{(game.Categories.Length > 0 ? $": {string.Join(", ",
            game.Categories)}" : "")}. Every round counts on its leaderboard, and the best of today, this week and ever stand at the end of each.";

    private static Fault Wrong(GameVersion version, string wanted) => Fault.Conflict("WRONG_STATUS",
        $"This version is {EnumText.Of(version.Status)}, and this is for one that is {wanted}");
}
