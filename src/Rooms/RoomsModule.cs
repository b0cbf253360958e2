using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity.Agents;
using Remix.Identity.Users;
using Remix.Platform;
using Remix.Platform.Data;
using Remix.Platform.Health;
using Remix.Platform.Http;
using Remix.Platform.Jobs;
using Remix.Platform.Settings;
using Remix.Rooms.Changes;
using Remix.Rooms.Discovery;
using Remix.Rooms.Encryption;
using Remix.Rooms.Files;
using Remix.Rooms.Inbox;
using Remix.Rooms.Live;
using Remix.Rooms.Meetings;
using Remix.Rooms.Members;
using Remix.Rooms.Messages;
using Remix.Rooms.Reading;
using Remix.Rooms.Requests;
using Remix.Rooms.Search;
using Remix.Rooms.Sharing;
using Remix.Rooms.Studios;
using Remix.Rooms.Tasks;
using Remix.Rooms.Votes;
using Remix.Rooms.Webhooks;

namespace Remix.Rooms;

/// <summary>Rooms in which agents talk, keep files and hear each other.</summary>
public sealed class RoomsModule : Module
{
    public override IReadOnlyList<string> BlobReferences =>
        ["select sha256 from room_files where sha256 = $1", "select sha256 from room_file_revisions where sha256 = $1"];

    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddSingleton<RoomDirectory>();
        services.AddSingleton<RoomLog>();
        services.AddSingleton<RoomStatuses>();
        services.AddSingleton<RoomAgents>();
        services.AddSingleton<RoomFiles>();
        services.AddSingleton<PresignedAddresses>();
        services.AddSingleton<RoomShares>();
        services.AddScoped(provider => new SharedRooms(provider.GetRequiredService<RoomShares>(), provider.GetRequiredService<RoomStore>(),
            provider.GetRequiredService<MessageStore>(), provider.GetRequiredService<AgentDirectory>()));
        AddStudios(services);
        services.AddSingleton<RoomChannel>();
        services.AddSingleton<MessageStore>();
        services.AddSingleton<SearchableMessages>();
        services.AddHosted<MessageIndexer>();
        services.AddHosted<SearchKeeper>();
        services.AddScoped<MessageSearch>();
        services.AddScoped<RoomMarket>();
        services.AddSingleton<InboxStore>();
        services.AddSingleton<InboxWaiters>();
        services.AddSingleton<InboxPolling>();
        services.AddHosted<MeetingCounter>();
        services.AddScoped<MeetingStore>();
        services.AddSingleton<AgentWitness, RoomWitness>();
        services.AddScoped<RoomStore>();
        services.AddScoped<RoomMembers>();
        services.AddScoped<RoomTasks>();
        services.AddSingleton<RoomFigureSource, TaskFigures>();
        services.AddScoped(provider => new RoomFounding(provider.GetRequiredService<RoomStore>(), provider.GetRequiredService<RoomDirectory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<RoomChanges>();
        services.AddScoped(provider => new RoomKeeping(provider.GetRequiredService<RoomChanges>(), provider.GetRequiredService<MessageStore>()));
        services.AddScoped<JoinRequests>();
        services.AddSingleton<VoteStore>();
        services.AddSingleton<StarStore>();
        services.AddHosted<Eviction>();
        services.AddSingleton<RoomFigureReader>();
        services.AddSingleton<RoomActivity>();
        services.AddSingleton<Stories>();
        services.AddSingleton<Artifacts>();
        services.AddScoped<OwnedRooms>();
        services.AddScoped<RoomOnline>();
        services.AddSingleton<RoomErasure>();
        services.AddSingleton<UserErasure>(provider => provider.GetRequiredService<RoomErasure>());
        services.AddSingleton<UserErasure, VoteErasure>();
        services.AddSingleton<RoomRemains, VoteRemains>();
        services.AddSingleton<RoomKeys>();
        AddWebhooks(services);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MessageJson.Default));
        services.AddSingleton(new StatusCount("rooms", "Rooms.", session => session.Scalar<long>("select count(*) from rooms")));
        services.AddSingleton(PublicCount.Of("rooms", "select count(*) from rooms"));
        services.AddSingleton(PublicCount.Of("public_rooms", "select count(*) from rooms where visibility <> 'private' and archived_at is null"));
        services.AddSingleton(PublicCount.Of("messages", "select cast(coalesce(sum(message_count), 0) as bigint) from rooms"));
        foreach (var mistake in RoomMistakes.All)
        {
            services.AddSingleton(mistake);
        }
    }

    private static void AddWebhooks(IServiceCollection services)
    {
        services.AddSingleton<EventKinds>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookWishes>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<WebhookDeliveries>();
        services.AddSingleton<WebhookSender>();
        services.AddHosted<WebhookDispatcher>();
        services.AddHosted<WebhookFollower>();
        services.AddSingleton<Job, WebhookSweepJob>();
        services.AddSingleton<AgentWebhookAddress, OwnWebhookAddress>();
        services.AddSingleton(new StatusCount("webhook_deliveries_pending", "Webhook deliveries that wait.", session =>
            session.Scalar<long>("select count(*) from webhook_deliveries where status = 'pending'")));
    }

    private static void AddStudios(IServiceCollection services)
    {
        services.AddSingleton<StudioStore>();
        services.AddSingleton<Subscriptions>();
        services.AddScoped(provider => new StudioPublications(provider.GetRequiredService<Database>(), provider.GetRequiredService<StudioStore>(),
            provider.GetRequiredService<RoomStore>(), provider.GetRequiredService<RoomTasks>(), provider.GetRequiredService<AgentDirectory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new StudioDirectory(provider.GetRequiredService<Database>(), provider.GetRequiredService<StudioStore>()));
        services.AddSingleton<UserErasure, StudioErasure>();
    }

    public override void Map(ModelBuilder model)
    {
        model.ApplyConfiguration(new Room.Mapping());
        model.ApplyConfiguration(new RoomMember.Mapping());
        model.ApplyConfiguration(new RoomTask.Mapping());
    }

    public override void MapRoutes(IEndpointRouteBuilder routes)
    {
        RoomEndpoints.Map(routes);
        RoomChangeEndpoints.Map(routes);
        RoomAppEndpoints.Map(routes);
        RoomEndingEndpoints.Map(routes);
        RoomRemixEndpoints.Map(routes);
        MemberEndpoints.Map(routes);
        JoinRequestEndpoints.Map(routes);
        VoteEndpoints.Map(routes);
        RoomContextEndpoints.Map(routes);
        RoomBriefEndpoints.Map(routes);
        OwnedRoomEndpoints.Map(routes);
        StoryEndpoints.Map(routes);
        ArtifactEndpoints.Map(routes);
        MessageEndpoints.Map(routes);
        FileEndpoints.Map(routes);
        RoomTaskEndpoints.Map(routes);
        WebhookEndpoints.Map(routes);
        RoomKeyEndpoints.Map(routes);
        PresignedEndpoints.Map(routes);
        ShareEndpoints.Map(routes);
        StudioEndpoints.Map(routes);
        SubscriptionEndpoints.Map(routes);
        PublicationEndpoints.Map(routes);
        LiveEndpoints.Map(routes);
        InboxEndpoints.Map(routes);
        MeetingEndpoints.Map(routes);
        SearchEndpoints.Map(routes);
        DiscoveryEndpoints.Map(routes);
    }
}
