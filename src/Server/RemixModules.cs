using Remix.AgentCloud;
using Remix.Creations;
using Remix.Feed;
using Remix.Games;
using Remix.Identity;
using Remix.JsRuntime;
using Remix.Pages;
using Remix.Platform;
using Remix.Platform.Settings;
using Remix.Rooms;
using Remix.Social;

namespace Remix.Server;

/// <summary>What the server consists of, each after those it uses.</summary>
public static class RemixModules
{
    /// <summary>Those that the arguments ask for: all, or the agent cloud and what it needs.</summary>
    public static IReadOnlyList<Module> For(string[] args) => args.Contains(SettingNames.CloudAloneFlag, StringComparer.Ordinal) ? Cloud : All;

    public static IReadOnlyList<Module> Cloud => [new IdentityModule(), new JsRuntimeModule(), new AgentCloudModule()];

    public static IReadOnlyList<Module> All =>
    [
        new IdentityModule(),
        new RoomsModule(),
        new JsRuntimeModule(),
        new CreationsModule(),
        new GamesModule(),
        new SocialModule(),
        new FeedModule(),
        new AgentCloudModule(),
        new PagesModule(),
    ];
}
