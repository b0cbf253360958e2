using System.Globalization;
using Remix.Creations.Scan;

namespace Remix.Games.Validation;

/// <summary>What players would notice: a long wait, a page that does not fit, storage that is not there, a refused launch.</summary>
internal static class GameWarnings
{
    public const int CodeLengthAdvised = 500_000;

    /// <summary>What a slow phone network brings in a second.</summary>
    private const double BytesPerSecond = 200_000;

    private const double LoadSecondsAdvised = 5;

    private static readonly string[] Storages = ["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"];

    public static IReadOnlyList<ValidationWarning> Of(string code, SdkHooks hooks, long assetBytes)
    {
        var warnings = new List<ValidationWarning>();
        if (code.Length > CodeLengthAdvised)
        {
            warnings.Add(new("LARGE_CODE", $"The code has {code.Length} characters; {CodeLengthAdvised} load quickly everywhere.",
                "Move pictures and sounds that are written into the code to assets.", null));
        }

        var seconds = (code.Length + assetBytes) / BytesPerSecond;
        if (seconds > LoadSecondsAdvised)
        {
            warnings.Add(new("SLOW_LOAD", string.Create(CultureInfo.InvariantCulture,
                $"Code and assets take about {seconds:0} seconds to load on a slow phone."),
                "Compress pictures to WebP and sounds to MP3, and load what is not needed at once later.", null));
        }

        if (!hooks.Page.HasViewport)
        {
            warnings.Add(new("MISSING_VIEWPORT", "The page has no viewport, so phones draw it small.",
                "Add <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"> to the head.", null));
        }

        if (hooks.EndsWithoutScore)
        {
            warnings.Add(new("GAME_OVER_WITHOUT_SCORE", "gameOver is called without a score.", "Call gameOver({ score }) with a finite number.",
                null));
        }

        Storage(code, hooks, warnings);
        warnings.AddRange(PageScan.Of(code).Select(refusal => new ValidationWarning("SCAN_" + refusal.Category.ToUpperInvariant(),
            $"{refusal.Message}: the feed would refuse this at launch.", refusal.FixHint, refusal.Line > 0 ? refusal.Line : null)));
        return warnings;
    }

    private static void Storage(string code, SdkHooks hooks, List<ValidationWarning> warnings)
    {
        foreach (var (name, offset) in hooks.Globals().Where(found => Storages.Contains(found.Name, StringComparer.Ordinal)).DistinctBy(found =>
            found.Name))
        {
            warnings.Add(new("FORBIDDEN_STORAGE", $"{name} keeps nothing: games have no storage of their own in the sandbox.",
                "Keep progress with FarcadeSDK.singlePlayer.actions.saveGameState({ gameState }).",
                    code.AsSpan(0, Math.Min(offset, code.Length)).Count('\n') + 1));
        }
    }
}
