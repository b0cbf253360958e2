using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Remix.Creations.Badges;
using Remix.Creations.Drafts;
using Remix.Creations.Serving;
using Remix.Creations.Submissions;
using Remix.Identity.Users;
using Remix.Platform;
using Remix.Platform.Data;
using Remix.Platform.Health;
using Remix.Platform.Http;
using Remix.Platform.Settings;
using Remix.Rooms;
using Remix.Rooms.Files;
using Remix.Rooms.Reading;
using Remix.Rooms.Studios;

namespace Remix.Creations;

/// <summary>Creations: from a folder of a room, through verification, to a page on a host of its own.</summary>
public sealed class CreationsModule : Module
{
    public override IReadOnlyList<string> BlobReferences =>
    [
        "select sha256 from creation_files where sha256 = $1",
        "select brotli from creation_files where brotli = $1",
        "select gzip from creation_files where gzip = $1",
    ];

    private static readonly RouteMistake[] Mistakes =
    [
        new("*", "publish submit deploy rooms/*/*/publish rooms/*/*/submit creations/publish creations/submit",
            "A folder of a room is published with POST /rooms/{owner}/{room}/creations."),
        new("POST", "creations creation", "A creation comes from a room: POST /rooms/{owner}/{room}/creations."),
        new("GET", "creations creation feed feeds timeline posts", "What is published is at GET /creations/feed."),
    ];

    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddHttpClient();
        services.Configure<OpenApiOptions>("v1", CreationHostDocuments.AddTo);
        services.AddSingleton<PublishedCreations>();
        foreach (var kind in new[]
            { CreationEvents.Published, CreationEvents.Review, CreationEvents.Feedback, CreationEvents.Archived })
        {
            services.AddSingleton(new EventKind(kind));
        }

        foreach (var mistake in Mistakes)
        {
            services.AddSingleton(mistake);
        }

        services.AddSingleton<Moderation>();
        services.AddSingleton<Pipeline>();
        services.AddSingleton<Publisher>();
        services.AddSingleton<Sites>();
        services.AddSingleton<DraftTokens>();
        services.AddSingleton<DraftFiles>();
        services.AddSingleton<ContentPolicy>();
        services.AddSingleton(provider => new PageDressing(provider.GetServices<PageAddition>(), provider.GetRequiredService<ContentPolicy>()));
        services.AddScoped<CreationStore>();
        services.AddScoped<Submissions.Submissions>();
        services.AddScoped(provider => new Workshop(provider.GetRequiredService<RemixDb>(), provider.GetRequiredService<RoomFounding>(),
            provider.GetRequiredService<RoomFiles>(), provider.GetRequiredService<Submissions.Submissions>()));
        services.AddSingleton<UserErasure, CreationErasure>();
        services.AddSingleton<RoomRemains, CreationRemains>();
        services.AddSingleton<RoomFigureSource, CreationFigures>();
        services.AddSingleton<PublishedCount, PublishedCountOfRoom>();
        services.AddSingleton(PublicCount.Of("creations", "select count(*) from creations"));
        services.AddSingleton(PublicCount.Of("published_creations", "select count(*) from creations where live and archived_at is null"));
        services.AddSingleton(PublicCount.Of("total_remixes", "select cast(coalesce(sum(remix_count), 0) as bigint) from creations"));
        services.AddSingleton(new StatusCount("published_creations", "Creations in the feed.",
            session => session.Scalar<long>("select count(*) from creations where live and archived_at is null")));
    }

    public override void UseReady(IApplicationBuilder app) => app.UseMiddleware<ReadyFile>();

    public override void UseBeforeRouting(IApplicationBuilder app) =>
        app.UseMiddleware<CreationHost>().UseMiddleware<DraftHost>();

    public override void Map(ModelBuilder model) => model.ApplyConfiguration(new Creation.Mapping());

    public override void MapRoutes(IEndpointRouteBuilder routes)
    {
        CreationEndpoints.Map(routes);
        CoverEndpoints.Map(routes);
        SubmissionEndpoints.Map(routes);
        FeedbackEndpoints.Map(routes);
        DraftEndpoints.Map(routes);
        BadgeEndpoints.Map(routes);
    }
}
