using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Footprint;
using Remix.Platform.Health;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Http.Ports;
using Remix.Platform.Jobs;
using Remix.Platform.Limits;
using Remix.Platform.Observability;
using Remix.Platform.Realtime;
using Remix.Platform.Search;
using Remix.Platform.Settings;
using Remix.Platform.Signing;

namespace Remix.Platform;

/// <summary>Composes the server from its modules and runs it.</summary>
public static class RemixServer
{
    /// <summary>Enough for what is kept in memory of a published file to leave in one piece.</summary>
    private const int ResponseBufferBytes = 320 * 1024;

    /// <summary>An address may carry the instructions of a remix, escaped twice on the way through the login.</summary>
    private const int RequestLineBytesMax = 32 * 1024;

    /// <summary>Reads the settings, migrates, serves, and returns the process's exit code.</summary>
    public static async Task<int> Run(string[] args, IReadOnlyList<Module> modules)
    {
        try
        {
            return modules.SelectMany(module => module.Commands).FirstOrDefault(command => command.Name == args.FirstOrDefault()) is { } command
                ? await command.Execute(args[1..], modules)
                : await Serve(SettingsReader.Read(args, Environment.GetEnvironmentVariable), modules);
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync($"remix: cannot start with these settings:\n  {string.Join("\n  ", e.Problems)}\nEvery setting: docs/operating/settings.md");
            return 2;
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or CryptographicException
            || DatabaseKind.IsUnavailable(e))
        {
            await Console.Error.WriteLineAsync($"remix: cannot start: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> Serve(RemixSettings settings, IReadOnlyList<Module> modules)
    {
        using var directory = DataDirectory.Take(settings);
        await using var app = Build(settings, modules);
        await Migrate(app, settings);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new IOException($"{e.Message.TrimEnd('.')}. Stop what listens there, or choose another port: "
                + (settings.Cloud.Alone ? "--port N" : "--port N for the platform, --cloud-port N for the agent cloud"), e);
        }
        catch (SocketException e)
        {
            throw new IOException($"{SettingNames.Host} is '{settings.Host}', and this machine cannot listen there: {e.Message}", e);
        }

        var database = settings.Database is null ? "SQLite" : "PostgreSQL";
        if (settings.Cloud.Alone)
        {
            app.Logger.LogInformation("The agent cloud is at {CloudUrl} (data in {Data}, {Database})", settings.Cloud.Url,
                settings.DataDirectory, database);
        }
        else
        {
            app.Logger.LogInformation("Remix is at {BaseUrl}, its agent cloud at {CloudUrl} (data in {Data}, {Database})", settings.BaseUrl,
                settings.Cloud.Url, settings.DataDirectory, database);
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task Migrate(WebApplication app, RemixSettings settings)
    {
        try
        {
            await app.Services.GetRequiredService<Migrations>().Apply();
        }
        catch (Exception e) when (settings.Database is not null && (e is SocketException || DatabaseKind.IsUnavailable(e)))
        {
            throw new IOException($"the database that {SettingNames.Database} names cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The server, built but not started; <paramref name="configure"/> may replace services at the edge of the process.</summary>
    public static WebApplication Build(RemixSettings settings, IReadOnlyList<Module> modules, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        var hasStarted = false;
        LogOutput.Configure(builder.Logging, settings, () => hasStarted);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, settings, modules));
        LentMemory.Factory.Decorate(builder.Services);
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            // See ToThreadPool: only what is ready runs there.
            sockets.UnsafePreferInlineScheduling = true;
            sockets.MaxWriteBufferSize = ResponseBufferBytes;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.ShutdownSeconds));
        AddPlatform(builder.Services, settings, modules);
        foreach (var module in modules)
        {
            builder.Services.AddSingleton(module);
            module.AddServices(builder.Services, settings);
        }

        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => hasStarted = true);
        UsePipeline(app, settings, modules);
        app.Services.GetRequiredService<Lifecycle>();

        _ = UnreadableRequests.Follow(app.Services);

        // From the start, or what happened before the first scrape would not count.
        app.Services.GetRequiredService<MetricsCollector>();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, RemixSettings settings, IReadOnlyList<Module> modules)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytes;
        kestrel.Limits.MaxRequestBodySize = RequestBody.BytesMax;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
        kestrel.Limits.MaxConcurrentUpgradedConnections = null;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(Handover.Around));
        if (!settings.Cloud.Alone)
        {
            Listeners.Listen(kestrel, settings.Host, settings.Port, _ => { });
        }

        foreach (var port in modules.Select(module => module.Port).OfType<OwnPort>())
        {
            port.Listen(kestrel, settings);
        }
    }

    private static void AddPlatform(IServiceCollection services, RemixSettings settings, IReadOnlyList<Module> modules)
    {
        services.AddRoutingCore();
        services.ConfigureHttpJsonOptions(json => RemixJson.Configure(json.SerializerOptions));
        services.AddSingleton(settings);
        services.AddSingleton<IReadOnlyList<Module>>(modules);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Database>();
        services.AddSingleton<Migrations>();
        services.AddDbContext<RemixDb>();
        services.AddHostedService<WarmUp>();
        services.AddHostedService<MemoryReturn>();
        services.AddSingleton<BlobStore>();
        services.AddSingleton<Signer>();
        services.AddHosted<Signals>();
        services.AddSingleton<EventLog>();
        services.AddHosted<LiveHub>();
        services.AddSingleton<LiveSocket>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<SearchIndex>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<Job, BlobSweepJob>();
        services.AddHosted<JobRunner>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<Lifecycle>();
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton<NearestRoute>();
        services.AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync);
        services.AddSingleton<OutboundGuard>();
        services.AddSingleton<OutboundHttp>();
        OpenApi.AddPlatform(services);
        foreach (var port in modules.Select(module => module.Port).OfType<OwnPort>())
        {
            OpenApi.Add(services, port);
        }
    }

    private static void UsePipeline(WebApplication app, RemixSettings settings, IReadOnlyList<Module> modules)
    {
        app.UseMiddleware<NamedHost>();
        if (settings.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders(Forwarded(settings));
        }

        foreach (var port in modules.Select(module => module.Port).OfType<OwnPort>())
        {
            app.MapWhen(context => OwnPort.Of(context) == port, branch => UsePipeline(branch, port));
        }

        if (settings.Cloud.Alone)
        {
            return;
        }

        foreach (var module in modules)
        {
            module.UseReady(app);
        }

        app.UseMiddleware<ToThreadPool>();
        app.UseMiddleware<RequestMiddleware>();
        app.UseMiddleware<FaultMiddleware>();
        foreach (var module in modules)
        {
            module.UseBeforeRouting(app);
        }

        app.UseRoutingWithHead();
        foreach (var module in modules)
        {
            module.UseAfterRouting(app);
        }

        app.UseMiddleware<RateLimitMiddleware>();
        HealthEndpoints.Map(app);
        app.MapOpenApi("/openapi/v1.json");
        foreach (var module in modules)
        {
            module.MapRoutes(app);
        }
    }

    /// <summary>What a port of a module's own has instead: the same beginning, and then nothing but its own.</summary>
    private static void UsePipeline(IApplicationBuilder app, OwnPort port)
    {
        app.UseMiddleware<ToThreadPool>();
        app.UseMiddleware<RequestMiddleware>();
        app.UseMiddleware<FaultMiddleware>();
        port.UseBeforeRouting(app);
        app.UseRoutingWithHead();
        port.UseAfterRouting(app);
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseEndpoints(routes =>
        {
            var group = routes.MapGroup("").WithGroupName(port.Name);
            port.MapRoutes(group);
            OpenApi.Map(routes, port);
        });
    }

    private static ForwardedHeadersOptions Forwarded(RemixSettings settings)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in settings.TrustedProxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        return options;
    }
}

public static class HostedServices
{
    /// <summary>A singleton that also runs in the background.</summary>
    public static IServiceCollection AddHosted<T>(this IServiceCollection services) where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
