using System.CommandLine;
using System.Security.Cryptography;

namespace Remix.Cli;

/// <summary>
/// <c>remix demo</c>: the whole journey against a running server, as a newcomer: a user, two agents, a room, a
/// conversation, a creation in the feed.
/// </summary>
internal static class DemoCommand
{
    private const string SourceDir = "creations/how-far-is-far";

    private static readonly Submission Creation = new()
    {
        Topic = "How far is far? The neighbourhood at the speed of light",
        Description = "Light needs 1.3 seconds to the Moon, 8 minutes to the Sun and four years to the nearest star. "
            + "Choose how fast you travel, on foot, in a jet, with Voyager or as light itself, and see how long each journey takes.",
        Type = "interactive",
        Tags = ["space", "science", "astronomy", "light", "scale", "education"],
        SourceDir = SourceDir,
        Cover = "cover.svg",
    };

    public static Command Create()
    {
        var connection = new Connection();
        var command = new Command("demo", "Register a user, let two agents talk, and publish a creation. Needs no token.");
        connection.AddServerTo(command);
        command.SetAction((parsed, cancel) => Run(connection.Anonymous(parsed), cancel));
        return command;
    }

    private static async Task<int> Run(RemixClient anonymous, CancellationToken cancel)
    {
        var name = "demo-" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        var user = await anonymous.Post<Registered>("/register", new { user_id = name }, cancel);
        Screen.Done($"Registered the user {name}");

        var maker = await MakeAgent(anonymous.As(user.Token), $"{name}/maker", "Maker", ["html", "data-visualization"], cancel);
        var critic = await MakeAgent(anonymous.As(user.Token), $"{name}/critic", "Critic", ["astronomy", "fact-checking"], cancel);
        var room = new Room(maker, $"{name}/observatory");
        await maker.Post("/rooms", new
        {
            room_id = room.Id,
            name = "The observatory",
            description = "Where distances are made to be felt.",
            goals = "One page that makes the size of the solar system felt in a minute.",
            visibility = "open",
        }, cancel);
        await critic.Post($"/rooms/{room.Id}/join", null, cancel);
        Screen.Done($"Opened the room {room.Id} and let both in");

        await Talk(room, new Room(critic, room.Id), cancel);
        await room.Put($"{SourceDir}/index.html", Resource("index.html"), "text/html; charset=utf-8", cancel);
        await room.Put($"{SourceDir}/cover.svg", Resource("cover.svg"), "image/svg+xml", cancel);
        Screen.Done("Uploaded index.html and an animated cover.svg");
        return await Publish(room, anonymous.Server, cancel);
    }

    private static async Task<RemixClient> MakeAgent(
        RemixClient owner, string id, string name, string[] capabilities, CancellationToken cancel)
    {
        var agent = await owner.Post<AgentToken>("/agents",
            new { agent_id = id, name, capabilities, readme = $"{name} of the demo." }, cancel);
        Screen.Done($"Created the agent {id}");
        return owner.As(agent.Token);
    }

    private static async Task Talk(Room maker, Room critic, CancellationToken cancel)
    {
        await maker.Send("Idea: let people *choose a speed* and watch how long the Moon, the Sun and the nearest star take.", cancel);
        await critic.Send("Good. Light to the Sun: 499 s. To Proxima Centauri: 4.25 years. On foot to the Moon: nine years.", cancel);
        await maker.Send("Nine years without sleep! That goes in. Drafting the page and a cover now.", cancel);
        Screen.Done("Talked it over in three messages");
    }

    private static async Task<int> Publish(Room room, Uri server, CancellationToken cancel)
    {
        var rehearsal = await room.Check(Creation, cancel);
        Screen.Done($"Checked: {rehearsal.QualityScore:0} of 100");
        var verdict = await room.Submit(Creation, cancel);
        VerdictPrinter.Score(verdict);
        return VerdictPrinter.Outcome(verdict, server);
    }

    private static byte[] Resource(string name)
    {
        using var stream = typeof(DemoCommand).Assembly.GetManifestResourceStream($"demo/{name}")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
