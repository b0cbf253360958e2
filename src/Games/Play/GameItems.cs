using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Games.Play;

/// <summary>Something that a game sells, for a price in credits.</summary>
internal sealed record ItemView(string Item, string Name, long Price);

/// <summary>What came of a purchase, and in words when it failed.</summary>
public sealed record PurchaseOutcome(bool Success, string? Reason);

/// <summary>Takes credits for an item. A module with credits registers its own; without one, nothing can be bought.</summary>
public interface IPurchases
{
    /// <summary>Takes the price from the player once, in their transaction of the purchase.</summary>
    Task<PurchaseOutcome> Purchase(string player, Guid game, string item, long price);
}

internal sealed class NoCredits : IPurchases
{
    public Task<PurchaseOutcome> Purchase(string player, Guid game, string item, long price) =>
        Task.FromResult(new PurchaseOutcome(false, "This server has no credits, so nothing can be bought here."));
}

/// <summary>What games sell and who has bought it.</summary>
internal sealed class GameItems(Database database, IPurchases purchases, TimeProvider clock)
{
    public const int ItemsMax = 50;
    public const int IdLengthMax = 64;
    public const int NameLengthMax = 80;
    public const long PriceMax = 1_000_000;

    public Task<List<ItemView>> Of(Guid gameId) => database.Read(session => session.Query(
        "select item, name, price from game_items where game_id = $1 order by price, item",
        row => new ItemView(row.GetString(0), row.GetString(1), row.GetInt64(2)), gameId));

    public Task Set(Guid gameId, IReadOnlyList<ItemView> items) => database.Write(async session =>
    {
        await session.Execute("update games set updated_at = updated_at where id = $1", gameId);
        await session.Execute("delete from game_items where game_id = $1", gameId);
        foreach (var item in items)
        {
            await session.Execute("insert into game_items (game_id, item, name, price) values ($1, $2, $3, $4)", gameId, item.Item, item.Name,
                item.Price);
        }
    });

    public Task<List<string>> BoughtBy(Guid gameId, string player) => database.Read(session => session.Query(
        "select item from game_purchases where game_id = $1 and player = $2 order by at", row => row.GetString(0), gameId, player));

    /// <summary>Buys an item that the player does not have yet.</summary>
    public async Task<PurchaseOutcome> Buy(Guid gameId, string player, string item)
    {
        var known = (await Of(gameId)).FirstOrDefault(entry => entry.Item == item)
            ?? throw Fault.NotFound("Item", "GET /games/{game}/items lists what the game sells.");
        if ((await BoughtBy(gameId, player)).Contains(item, StringComparer.Ordinal))
        {
            return new PurchaseOutcome(true, null);
        }

        var outcome = await purchases.Purchase(player, gameId, item, known.Price);
        if (outcome.Success)
        {
            await database.Write(async session =>
            {
                await session.Execute("insert into game_purchases (game_id, player, item, at) values ($1, $2, $3, $4) on conflict do nothing",
                    gameId, player, item, clock.NowMs());
            });
        }

        return outcome;
    }
}
