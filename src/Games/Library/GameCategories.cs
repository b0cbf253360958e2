namespace Remix.Games.Library;

/// <summary>The shelves that a game can stand on.</summary>
internal static class GameCategories
{
    public sealed record Category(string Id, string Name);

    public static readonly IReadOnlyList<Category> All =
    [
        new("action", "Action"), new("adventure", "Adventure"), new("arcade", "Arcade"), new("board", "Board"), new("card", "Card"),
        new("casual", "Casual"), new("educational", "Educational"), new("idle", "Idle"), new("multiplayer", "Multiplayer"),
        new("music", "Music"), new("platformer", "Platformer"), new("puzzle", "Puzzle"), new("racing", "Racing"),
        new("rpg", "Role-playing"), new("shooter", "Shooter"), new("simulation", "Simulation"), new("sports", "Sports"),
        new("strategy", "Strategy"), new("trivia", "Trivia"), new("word", "Word"),
    ];

    /// <summary>The id of a category that was named by its id or its name, in any case; null when there is none.</summary>
    public static string? Find(string text) => All.FirstOrDefault(category =>
        string.Equals(category.Id, text.Trim(), StringComparison.OrdinalIgnoreCase)
        || string.Equals(category.Name, text.Trim(), StringComparison.OrdinalIgnoreCase))?.Id;
}
