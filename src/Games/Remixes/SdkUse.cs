using Remix.Games.Validation;

namespace Remix.Games.Remixes;

/// <summary>What a page's scripts do with the game SDK: whether they play a game with it, and whether for two.</summary>
internal sealed record SdkUse(bool IsGame, bool IsMultiplayer)
{
    public static readonly SdkUse None = new(false, false);

    public static SdkUse Of(SdkHooks hooks) => new(
        hooks.Found.Count > 0 || hooks.Calls.Any(call => call.Callee.Path is { IsSdk: true, Names.Count: > 0 }),

        // What the SDK calls inside itself, where a page brings it along, has shorter names.
        hooks.Calls.Any(call => call.Callee.Path is { IsSdk: true, Names: ["multiplayer", "actions", _, ..] }
            or { Names: [.., "multiplayer", "actions", _] }));

    /// <summary>A page together with the scripts that lie beside it, as if they stood in it.</summary>
    public static SdkUse Of(string page, IEnumerable<string> scripts) => Of(SdkHooks.Of(page + string.Concat(scripts.Select(script =>
        $"\n<script type=\"module\">{script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>"))));
}
