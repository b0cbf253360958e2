using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Remix.Platform;
using Remix.Platform.Data;
using Remix.Platform.Settings;
using Remix.Server;

namespace Remix.Tests.Support;

/// <summary>
/// A real server with people that every test knows. One for each class, as its fixture; a test that needs a server of
/// its own starts another. Made from a template, so that it costs a copied file and a start.
/// </summary>
/// <remarks>
/// <c>alice</c> owns the agents <c>alice/atlas</c> and <c>alice/bot</c> and the rooms <c>alice/lab</c> (open) and
/// <c>alice/den</c> (private), made by atlas. <c>bob/rover</c> is a member of both, <c>alice/bot</c> too.
/// <c>carol</c> and <c>carol/fox</c> are strangers. <c>dave</c> is a platform admin.
/// </remarks>
public sealed class World : IServerAddress, IAsyncLifetime
{
    public const string Lab = "alice/lab";
    public const string Den = "alice/den";
    public const string Admin = "dave";

    private static readonly Lazy<Task<(TestDatabase Database, Dictionary<string, string> Tokens)>> Template = new(MakeTemplate);

    private readonly ServerLog log = new();
    private readonly Func<RemixSettings, RemixSettings> change;
    private readonly Action<IServiceCollection>? configure;
    private TestDatabase? ownDatabase;
    private Dictionary<string, string> tokens = new(StringComparer.Ordinal);
    private WebApplication? app;
    private int names;

    public World() : this(settings => settings, null)
    {
    }

    private World(Func<RemixSettings, RemixSettings> change, Action<IServiceCollection>? configure)
    {
        (this.change, this.configure) = (change, configure);
        Nobody = new Actor(this, "nobody", null);
    }

    public string BaseUrl => Settings.BaseUrl;

    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false
    })
    { Timeout = TimeSpan.FromSeconds(60) };

    public RemixSettings Settings { get; private set; } = new();

    public IServiceProvider Services => (app ?? throw new InvalidOperationException("The server is not started.")).Services;

    public Database Database => Services.GetRequiredService<Database>();

    /// <summary>The agent cloud's port of this server.</summary>
    public IServerAddress Cloud => new CloudAddress(this);

    public IReadOnlyList<string> TakeErrors() => log.Take();

    public Actor Nobody { get; }

    public Actor Alice => Known("alice");

    public Actor Atlas => Known("alice/atlas");

    public Actor Bot => Known("alice/bot");

    public Actor Bob => Known("bob");

    public Actor Rover => Known("bob/rover");

    public Actor Carol => Known("carol");

    public Actor Fox => Known("carol/fox");

    public Actor Dave => Known("dave");

    /// <summary>A world of one's own, with other settings or other edges.</summary>
    public static async Task<World> Start(Func<RemixSettings, RemixSettings>? change = null, Action<IServiceCollection>? configure = null)
    {
        var world = new World(change ?? (settings => settings), configure);
        await world.InitializeAsync();
        return world;
    }

    /// <summary>A second server on the same database and files, which only PostgreSQL can have.</summary>
    public async Task<World> StartSecondNode()
    {
        var second = new World(change, configure) { tokens = tokens };
        var port = Ports.Free();
        await second.Run(Settings with { Port = port, BaseUrl = $"http://localhost:{port}" });
        return second;
    }

    public async ValueTask InitializeAsync()
    {
        var template = await Template.Value;
        tokens = template.Tokens;
        ownDatabase = await TestDatabase.Create(template.Database);
        await Run(Defaults(ownDatabase));
    }

    /// <summary>Stops the server as SIGTERM does.</summary>
    public async Task Stop()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            app = null;
        }
    }

    /// <summary>Starts a stopped server again, at the same address and on the same data.</summary>
    public Task Restart() => Run(Settings);

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Http.Dispose();
        if (ownDatabase is not null)
        {
            await ownDatabase.DisposeAsync();
        }

        Assert.True(log.Errors.Count == 0, "The server logged errors:\n" + string.Join('\n', log.Errors));
    }

    /// <summary>A name that nobody has yet.</summary>
    public string FreshName(string kind) => $"{kind}-{Interlocked.Increment(ref names)}";

    public Actor As(string name, string token) => new(this, name, token);

    /// <summary>Registers a user.</summary>
    public async Task<Actor> NewUser(string? userId = null)
    {
        userId ??= FreshName("user");
        return As(userId, (await Nobody.Post("/register", new { user_id = userId })).Ok(201).String("token"));
    }

    /// <summary>Creates an agent.</summary>
    public async Task<Actor> NewAgent(Actor owner, object? permissions = null, string? name = null)
    {
        var agentId = $"{owner.Name}/{name ?? FreshName("agent")}";
        return As(agentId, (await owner.Post("/agents", new { agent_id = agentId, permissions })).Ok(201).String("token"));
    }

    /// <summary>Creates a room, open unless its fields say otherwise, and returns its id.</summary>
    public async Task<string> NewRoom(Actor creator, Dictionary<string, object?>? fields = null, params Actor[] members)
    {
        var roomId = $"{creator.Name.Split('/')[0]}/{FreshName("room")}";
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["room_id"] = roomId,
            ["visibility"] = "open",
            ["invite"] = members.Select(member => member.Name),
        };
        foreach (var (field, value) in fields ?? [])
        {
            body[field] = value;
        }

        (await creator.Post("/rooms", body)).Ok(201);
        return roomId;
    }

    /// <summary>The same somebody, speaking to the agent cloud.</summary>
    public Actor OnCloud(Actor actor) => actor.At(Cloud);

    private Actor Known(string name) => new(this, name, tokens[name]);

    private RemixSettings Defaults(TestDatabase database)
    {
        var port = Ports.Free();
        return change(new RemixSettings
        {
            Port = port,
            CloudPort = 0,
            BaseUrl = $"http://localhost:{port}",
            DataDirectory = database.Folder,
            Database = database.Connection,
            Welcome = false,
            Admins = [Admin],
            MessagesPerMinute = 1_000_000,
            RegistrationsPerMinute = 1_000_000,
            AuthAttemptsPerMinute = 1_000_000,
            RateLimitFactor = 100_000,
            LogLevel = "error",
            ShutdownSeconds = 2,
        });
    }

    private async Task Run(RemixSettings settings)
    {
        Settings = settings;
        var started = RemixServer.Build(settings, RemixModules.All, services =>
        {
            foreach (var console in services.Where(service => service.ServiceType == typeof(ILoggerProvider)).ToList())
            {
                services.Remove(console);
            }

            services.AddSingleton<ILoggerProvider>(log);
            configure?.Invoke(services);
        });
        await started.Services.GetRequiredService<Migrations>().Apply();
        await started.StartAsync();
        app = started;
    }

    private static async Task<(TestDatabase, Dictionary<string, string>)> MakeTemplate()
    {
        var database = await TestDatabase.Create();
        var world = new World();
        await world.Run(world.Defaults(database));
        await world.Populate();
        await world.Stop();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => database.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(5));
        return (database, world.tokens);
    }

    private async Task Populate()
    {
        foreach (var userId in new[] { "alice", "bob", "carol", Admin })
        {
            tokens[userId] = (await NewUser(userId)).Token;
        }

        foreach (var (owner, name) in new[] { (Alice, "atlas"), (Alice, "bot"), (Bob, "rover"), (Carol, "fox") })
        {
            tokens[$"{owner.Name}/{name}"] = (await NewAgent(owner, "*", name)).Token;
        }

        var invite = new[] { "alice/bot", "bob/rover" };
        (await Atlas.Post("/rooms", new { room_id = Lab, name = "Lab", visibility = "open", invite })).Ok(201);
        (await Atlas.Post("/rooms", new { room_id = Den, name = "Den", visibility = "private", invite })).Ok(201);
    }
}
