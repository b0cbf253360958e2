using System.Text.Json;
using Remix.Creations;
using Remix.Creations.Serving;
using Remix.Games.Library;
using Remix.Platform.Data;
using Remix.Platform.Text;
using Remix.Rooms.Files;

namespace Remix.Games.Remixes;

/// <summary>
/// Games that a room published like any creation, a remix of another's among them. Each folder is a game in its own right, its
/// newest version the one that is played, with scores, matches and saved states of its own.
/// </summary>
internal sealed class RoomGames(
    Database database, GameStore games, PublishedCreations creations, SdkUses uses, RoomFiles files, TimeProvider clock)
{
    /// <summary>The game that a creation is, of its studio or of its room; null for a creation that plays none.</summary>
    public async Task<Game?> Of(CreationSummary creation, CancellationToken cancel)
    {
        if (creation.SourceDir == GameRooms.Folder && await games.FindByRoom(creation.RoomId) is { } made)
        {
            return made;
        }

        if (!(await uses.Of(creation.Id, cancel)).IsGame)
        {
            return null;
        }

        var known = await Find(creation);
        return !creation.Live || known?.CreationId == creation.Id ? known : await Take(creation);
    }

    /// <summary>Looks at what was just published: a game begins, or a new version of one is played, or there is none any more.</summary>
    public async Task Look(Guid creationId, CancellationToken cancel)
    {
        if (await creations.Find(creationId) is { Live: true } creation && await Of(creation, cancel) is null)
        {
            await database.Write(async session =>
            {
                await session.Execute("update games set creation_id = null, updated_at = $1 where room_id = $2 and source_dir = $3",
                    clock.NowMs(), creation.RoomId, creation.SourceDir);
            });
        }
    }

    private Task<Game?> Find(CreationSummary creation) => database.Read(session => Find(session, creation));

    private static ValueTask<Game?> Find(SqlSession session, CreationSummary creation) => session.First(
        $"select {Game.Columns} from games where room_id = $1 and source_dir = $2", Game.Row, creation.RoomId, creation.SourceDir);

    private async Task<Game?> Take(CreationSummary creation)
    {
        var folder = creation.SourceDir == "." ? "" : creation.SourceDir + "/";
        var code = (await files.Find(creation.RoomId, folder + PageDressing.EntryPoint))?.Sha256;
        var name = creation.Topic.Length <= Game.NameLengthMax ? creation.Topic : creation.Topic[..Game.NameLengthMax].TrimEnd();
        var categories = creation.Tags.Select(GameCategories.Find).OfType<string>()
            .Distinct(StringComparer.Ordinal).Take(Game.CategoriesMax);
        return await database.Write(async session =>
        {
            var now = clock.NowMs();
            var (id, versionId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var isNew = await session.Execute("""
                insert into games (id, owner, name, categories, room_id, source_dir, live_version_id, launched_at, created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) on conflict do nothing
                """, id, creation.CreatedBy, name, JsonSerializer.Serialize(categories), creation.RoomId, creation.SourceDir, versionId,
                creation.PublishedAt, now) > 0;
            if (isNew)
            {
                await session.Execute("""
                    insert into game_versions (id, game_id, number, preview_key, created_at, updated_at) values ($1, $2, 0, $3, $4, $4)
                    """, versionId, id, Guid.NewGuid(), now);
            }

            // Two versions that were published one right after the other may come here in either order.
            await session.Execute("""
                update game_versions set number = $1, code_sha256 = $2, launched_at = $3, updated_at = $4
                where number < $1 and id = (select live_version_id from games where room_id = $5 and source_dir = $6)
                """, creation.Version, code, creation.PublishedAt, now, creation.RoomId, creation.SourceDir);
            await session.Execute("""
                update games set name = $1, creation_id = $2, updated_at = $3 where room_id = $4 and source_dir = $5
                    and exists (select 1 from game_versions where id = live_version_id and number = $6)
                """, name, creation.Id, now, creation.RoomId, creation.SourceDir, creation.Version);
            return await Find(session, creation);
        });
    }
}
