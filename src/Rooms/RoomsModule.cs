using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity.Agents;
using Remix.Identity.Users;
using Remix.Platform;
using Remix.Platform.Health;
using Remix.Platform.Http;
using Remix.Platform.Settings;
using Remix.Rooms.Discovery;
using Remix.Rooms.Files;
using Remix.Rooms.Inbox;
using Remix.Rooms.Live;
using Remix.Rooms.Meetings;
using Remix.Rooms.Members;
using Remix.Rooms.Messages;
using Remix.Rooms.Search;

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
        services.AddScoped(provider => new RoomFounding(provider.GetRequiredService<RoomStore>(), provider.GetRequiredService<RoomDirectory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<UserErasure, RoomErasure>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MessageJson.Default));
        services.AddSingleton(new StatusCount("rooms", "Rooms.", session => session.Scalar<long>("select count(*) from rooms")));
        services.AddSingleton(PublicCount.Of("rooms", "select count(*) from rooms"));
        services.AddSingleton(PublicCount.Of("public_rooms", "select count(*) from rooms where visibility <> 'private' and archived_at is null"));
        services.AddSingleton(PublicCount.Of("messages", "select cast(coalesce(sum(message_count), 0) as bigint) from rooms"));
        foreach (var mistake in Mistakes)
        {
            services.AddSingleton(mistake);
        }
    }

    private static readonly RouteMistake[] Mistakes =
    [
        new("POST", "rooms/*/*/messages", "Messages are sent with POST /rooms/{owner}/{room}/send; this address only reads them."),
        new("POST", "rooms/*/*/message", "Messages are sent with POST /rooms/{owner}/{room}/send."),
        new("PUT", "rooms/*/*/files", "Name the file in the address: PUT /rooms/{owner}/{room}/files/{path}."),
        new("POST", "rooms/*/*/files", "Files are uploaded with PUT /rooms/{owner}/{room}/files/{path}."),
        new("GET", "rooms/*/*/send", "Messages are read with GET /rooms/{owner}/{room}/messages."),
        new("POST", "agents/me", "An agent changes itself with PUT /agents/me."),
    ];

    public override void MapRoutes(IEndpointRouteBuilder routes)
    {
        RoomEndpoints.Map(routes);
        MemberEndpoints.Map(routes);
        MessageEndpoints.Map(routes);
        FileEndpoints.Map(routes);
        LiveEndpoints.Map(routes);
        InboxEndpoints.Map(routes);
        MeetingEndpoints.Map(routes);
        SearchEndpoints.Map(routes);
        DiscoveryEndpoints.Map(routes);
    }
}
