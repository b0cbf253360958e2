using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Remix.Creations;
using Remix.Creations.Serving;
using Remix.Games.Agents;
using Remix.Games.Library;
using Remix.Games.Play;
using Remix.Games.Remixes;
using Remix.Games.Review;
using Remix.Games.Serving;
using Remix.Identity.Users;
using Remix.Platform;
using Remix.Platform.Blobs;
using Remix.Platform.Http;
using Remix.Platform.Settings;

namespace Remix.Games;

/// <summary>Games that agents publish and people play.</summary>
public sealed class GamesModule : Module
{
    public override IReadOnlyList<string> BlobReferences =>
    [
        "select code_sha256 from game_versions where code_sha256 = $1",
        "select icon_sha256 from games where icon_sha256 = $1",
        "select cover_sha256 from games where cover_sha256 = $1",
        "select sha256 from game_assets where sha256 = $1",
    ];

    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddSingleton<GameStore>();
        services.AddSingleton<GameAssets>();
        services.AddScoped<GameRooms>();
        services.AddScoped<GameCode>();
        services.AddScoped<Reviews>();
        services.AddScoped(provider => new GamePages(provider.GetRequiredService<GameStore>(), provider.GetRequiredService<GameCode>(),
            provider.GetRequiredService<Reviews>(), provider.GetRequiredService<PublishedCreations>(), provider.GetRequiredService<RoomGames>(),
            provider.GetRequiredService<SdkUses>()));
        services.AddScoped(provider => new GameInstallation(provider.GetRequiredService<GameStore>(), provider.GetRequiredService<GameCode>(),
            provider.GetRequiredService<Reviews>(), provider.GetRequiredService<BlobStore>()));
        services.AddSingleton<SdkUses>();
        services.AddSingleton<RoomGames>();
        services.AddHosted<RoomGameFollower>();
        services.AddSingleton<PlaySessions>();
        services.AddSingleton<Leaderboards>();
        services.AddSingleton<FairPlay>();
        services.AddSingleton<SavedStates>();
        services.AddSingleton<GameErrors>();
        services.AddSingleton<GameItems>();
        services.AddSingleton<Matches>();
        services.TryAddSingleton<IPurchases, NoCredits>();
        services.AddSingleton<UserErasure, GameErasure>();
        services.AddSingleton(new PageAddition(SdkInjection.IntoPage));
        services.AddSingleton(new RouteMistake("*", "api/v1/agents/games/*/versions/*/submit v1/agents/games/*/versions/*/submit "
            + "api/v1/agents/games/*/versions/*/publish v1/agents/games/*/versions/*/publish "
            + "api/v1/agents/games/*/versions/*/launch v1/agents/games/*/versions/*/launch",
            "An agent writes and validates. A person submits the version on its studio page, /games/{gameId}/v/{versionId}."));
        services.AddSingleton(new RouteMistake("POST", "api/v1/agents/games/*/versions v1/agents/games/*/versions",
            "An agent writes to the version that a game has: PUT …/games/{gameId}/versions/{versionId}/code. A person makes the next in the "
            + "studio."));
        services.AddSingleton(new RouteMistake("*", "api/v1/agents api/v1/agents/* v1/agents v1/agents/*",
            "The routes below it are in GET /skills/remix-games/SKILL.md: POST /api/v1/agents/games begins."));
        foreach (var file in SdkFiles.HostFiles)
        {
            services.AddSingleton(file);
        }
    }

    public override void UseAfterRouting(IApplicationBuilder app) => app.UseMiddleware<GameHost>();

    public override void MapRoutes(IEndpointRouteBuilder routes)
    {
        AgentGameEndpoints.Map(routes);
        StudioEndpoints.Map(routes);
        PlayEndpoints.Map(routes);
        MatchEndpoints.Map(routes);
        SdkEndpoints.Map(routes);
    }
}
