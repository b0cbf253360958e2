using Remix.Tests.Support;

namespace Remix.Tests.Authorization;

/// <summary>Somebody of every kind, and rooms in which they are what the table says.</summary>
internal sealed class Cast(World world)
{
    public static readonly string[] Visibilities = ["private", "listed", "open"];

    private readonly Dictionary<Who, Actor> actors = [];

    public World World => world;

    public Actor this[Who who] => actors[who];

    /// <summary>An agent of the owner's, to whom one turns.</summary>
    public Actor Host { get; private set; } = null!;

    public string Fresh(string kind) => world.FreshName(kind);

    public async Task Enter()
    {
        var owner = await world.NewUser();
        var other = await world.NewUser();
        (actors[Who.N], actors[Who.L], actors[Who.U], actors[Who.O], actors[Who.P]) = (world.Nobody, world.Nobody, other, owner, world.Dave);
        actors[Who.A] = await world.NewAgent(owner);
        Host = await world.NewAgent(owner);
        foreach (var who in new[] { Who.S, Who.p, Who.x, Who.z, Who.R, Who.m, Who.M })
        {
            actors[who] = await world.NewAgent(other);
        }

        actors[Who.r] = await world.NewAgent(other, new { actions = new[] { "read" } });
        actors[Who.e] = await world.NewAgent(other, new { rooms = new[] { World.Lab } });
    }

    /// <summary>The last preparation: an archived agent is invited nowhere any more.</summary>
    public async Task ArchiveOne() => (await actors[Who.z].Post($"/agents/{actors[Who.z].Name}/archive")).Ok();

    /// <summary>A room with all of them, and what its routes name in their addresses.</summary>
    public async Task<Stage> Build(string visibility, bool publishes)
    {
        var admin = actors[Who.A];
        var roomId = await world.NewRoom(admin, new(StringComparer.Ordinal) { ["visibility"] = "listed" },
            [actors[Who.x], actors[Who.z], actors[Who.r], actors[Who.e], actors[Who.R], actors[Who.m], actors[Who.M], world.Bot]);
        var room = $"/rooms/{roomId}";
        (await admin.Post($"{room}/members/{actors[Who.R].Name}/role", new { role = "readonly" })).Ok();
        (await admin.Post($"{room}/members/{actors[Who.M].Name}/role", new { role = "moderator" })).Ok();
        (await admin.Delete($"{room}/members/{actors[Who.x].Name}")).Ok();
        (await actors[Who.p].Post($"{room}/request-join")).Ok(201);
        var stage = new Stage(roomId)
        {
            RequestId = (await world.Fox.Post($"{room}/request-join")).Ok(201).String("request_id"),
            MessageId = (await actors[Who.m].Say(roomId, "Here I am")).String("message_id"),
            Link = (await admin.Post($"{room}/share")).Ok(201).String("share_token"),
        };
        (await admin.Upload(roomId, "notes.md", "Notes")).Ok();
        await Replenish(stage);
        stage.CreationId = publishes ? (await admin.Publish(roomId)).Id() : null;
        (await admin.Post($"{room}/visibility", new { visibility })).Ok();
        return stage;
    }

    /// <summary>Makes anew what a call may have deleted.</summary>
    public async Task Replenish(Stage stage)
    {
        var (admin, room) = (actors[Who.A], $"/rooms/{stage.RoomId}");
        stage.TaskId ??= (await actors[Who.m].Post($"{room}/tasks", new { title = "To do" })).Ok(201).String("id");
        stage.ShareToken ??= (await admin.Post($"{room}/share")).Ok(201).String("share_token");
        stage.WebhookId ??= (await admin.Post($"{room}/webhooks", new { url = "https://example.com/hook" })).Ok(201).String("webhook_id");
        if (stage.File is null)
        {
            (await admin.Upload(stage.RoomId, "waste.md", "Waste")).Ok();
            stage.File = "waste.md";
        }
    }
}

/// <summary>A room of the cast's, and what is in it.</summary>
internal sealed class Stage(string roomId)
{
    public string RoomId => roomId;

    public required string RequestId { get; init; }

    public required string MessageId { get; init; }

    /// <summary>The share link that the holder holds; <see cref="ShareToken"/> is one to revoke.</summary>
    public required string Link { get; init; }

    /// <summary>A creation that came from the room.</summary>
    public string? CreationId { get; set; }

    public string? TaskId { get; set; }

    public string? ShareToken { get; set; }

    public string? WebhookId { get; set; }

    public string? File { get; set; }
}
