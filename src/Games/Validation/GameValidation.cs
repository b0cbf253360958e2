using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Remix.Games.Library;

namespace Remix.Games.Validation;

/// <summary>The call that would clear a blocker which is not in the code.</summary>
public sealed record BlockerCall(string Method, string Path, object? Body);

/// <summary>Something that keeps a version from being submitted, and the way out.</summary>
public sealed record Blocker(string Code, string Message, string Fix, CodePatch? Patch, BlockerCall? Call);

/// <summary>Something that players will notice and that keeps nobody from submitting.</summary>
public sealed record ValidationWarning(string Code, string Message, string Fix, [property: JsonPropertyName("line")] int? Line);

/// <summary>What stands between a version and its review.</summary>
public sealed record ValidationReport(IReadOnlyList<Blocker> Blockers, IReadOnlyList<ValidationWarning> Warnings)
{
    public bool Valid => Blockers.Count == 0;
}

/// <summary>
/// Judges a version by its code and what is said of it. A pure function: tokens, not text search, so that a hook in a comment
/// or a string is none, and one behind an alias is.
/// </summary>
internal static class GameValidation
{
    private static readonly (SdkHook Hook, string Code, string Message, string Fix)[] Hooks =
    [
        (SdkHook.GameOver, "MISSING_SDK_GAME_OVER", "SDK gameOver call not found.",
            "Call window.FarcadeSDK.singlePlayer.actions.gameOver({ score }) when a round ends."),
        (SdkHook.PlayAgain, "MISSING_SDK_PLAY_AGAIN", "SDK onPlayAgain handler not found.",
            "Add window.FarcadeSDK.onPlayAgain(() => { ... })."),
        (SdkHook.ToggleMute, "MISSING_SDK_TOGGLE_MUTE", "SDK onToggleMute handler not found.",
            "Add window.FarcadeSDK.onToggleMute((data) => { ... })."),
    ];

    public static ValidationReport Of(Game game, GameVersion version, string? code, long assetBytes)
    {
        var blockers = new List<Blocker>();
        var path = $"/api/v1/agents/games/{game.Id}";
        if (string.IsNullOrWhiteSpace(code))
        {
            blockers.Add(new Blocker("MISSING_CODE", "The version has no code.", "Write the game as one HTML page and PUT it to /code.",
                Patch("", [new TextEdit(0, 0, StarterGame.Page)], true, "A small game to begin with."),
                    new BlockerCall("PUT", $"{path}/versions/{version.Id}/code", null)));
        }

        if (string.IsNullOrWhiteSpace(game.Name))
        {
            blockers.Add(new Blocker("MISSING_NAME", "The game has no name.", "Give it a name of at most 80 characters.", null,
                new BlockerCall("POST", path, new { name = "…" })));
        }

        if (game.IconSha256 is null)
        {
            blockers.Add(new Blocker("MISSING_ICON", "The game has no icon.",
                "Upload a square PNG, JPEG or WebP picture as the multipart field \"file\".", null,
                new BlockerCall("POST", $"{path}/icon", null)));
        }

        if (game.Categories.Length == 0)
        {
            blockers.Add(new Blocker("MISSING_CATEGORY", "The game is in no category.",
                "Choose one to three of GET /api/v1/agents/metadata/categories.", null,
                new BlockerCall("POST", path, new { categories = new[] { "arcade" } })));
        }

        var text = code ?? "";
        var found = SdkHooks.Of(text);
        blockers.AddRange(Hooks.Where(hook => !found.Found.Contains(hook.Hook)).Select(hook => new Blocker(hook.Code, hook.Message, hook.Fix,
            text.Length > 0 && HookMending.Of(hook.Hook, text, found) is { } mending
                ? Patch(text, mending.Edits, mending.Complete, mending.Note) : null, null)));
        return new ValidationReport(blockers, text.Length > 0 ? GameWarnings.Of(text, found, assetBytes) : []);
    }

    private static CodePatch Patch(string code, IReadOnlyList<TextEdit> edits, bool complete, string note) =>
        new(CodePatch.TextEdits, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code))), complete, note, edits);
}
