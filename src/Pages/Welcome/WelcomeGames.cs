using System.Reflection;
using System.Text.Json;
using Remix.Games;
using Remix.Identity;

namespace Remix.Pages.Welcome;

/// <summary>The games among the welcome creations, by the way of every game.</summary>
internal static class WelcomeGames
{
    private const string Prefix = "WelcomeGames/";

    /// <summary>The last stands above the others.</summary>
    private static readonly string[] Order = ["four-lanterns", "comet-garden"];

    public static async Task Install(GameInstallation installation, Caller author, CancellationToken stop)
    {
        foreach (var folder in Order)
        {
            var about = JsonSerializer.Deserialize<About>(Read(folder, "game.json"), JsonSerializerOptions.Web)!;
            await installation.Install(author, new GameInstallation.Package(about.Name, about.Categories, GameInstallation.TextOf(Read(folder, "index.html")),
                Read(folder, "icon.png"), Read(folder, "cover.svg")), stop);
        }
    }

    private static byte[] Read(string folder, string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{folder}/{file}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private sealed record About(string Name, string[] Categories);
}
