using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity.Users;
using Remix.Platform;
using Remix.Platform.Health;
using Remix.Platform.Settings;
using Remix.Rooms;
using Remix.Social.Likes;

namespace Remix.Social;

/// <summary>What people do with creations besides looking.</summary>
public sealed class SocialModule : Module
{
    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddSingleton<LikeStore>();
        services.AddSingleton<UserErasure, LikeErasure>();
        services.AddSingleton<RoomRemains, LikeRemains>();
        services.AddSingleton(PublicCount.Of("total_likes", "select count(*) from likes"));
    }

    public override void MapRoutes(IEndpointRouteBuilder routes) => LikeEndpoints.Map(routes);
}
