using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Remix.JsRuntime;
using Remix.JsRuntime.Slots;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Settings;
using Remix.Tests.Support;

namespace Remix.Tests.JsRuntime;

/// <summary>A runtime without the server around it, and short ways to run code on it. A host that answers is part of it.</summary>
public sealed class Engine : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public Engine() : this(null)
    {
    }

    internal Engine(SlotPolicy? policy, Func<RemixSettings, RemixSettings>? change = null, ResolveHost? resolve = null)
    {
        var settings = (change ?? (plain => plain))(new RemixSettings());
        var collection = new ServiceCollection().AddLogging(logging => logging.AddProvider(Log)).AddSingleton(settings)
            .AddSingleton(resolve ?? ((host, stop) => System.Net.Dns.GetHostAddressesAsync(host, stop)))
            .AddSingleton<OutboundGuard>().AddSingleton<OutboundHttp>();
        if (policy is not null)
        {
            collection.AddSingleton(policy);
        }

        new JsRuntimeModule().AddServices(collection, settings);
        services = collection.BuildServiceProvider();
        Runtime = services.GetRequiredService<AgentRuntime>();
    }

    public AgentRuntime Runtime { get; }

    internal SlotPool Pool => Service<SlotPool>();

    internal ServerLog Log { get; } = new();

    internal Task<SlotPool.Lease> Rent(string tenant) => Runtime.Rent(new JsTenant(tenant), default);

    internal T Service<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Runs a module of its own, whose default export is called.</summary>
    public Task<JsRunResult> Run(string source, object? parameters = null, string tenant = "ws-a", IJsHost? host = null,
        TimeSpan? deadline = null, string? key = null, CancellationToken stop = default) =>
        Run(new JsModules("main.js", new Dictionary<string, string>(StringComparer.Ordinal) { ["main.js"] = source }), parameters, tenant, host,
            deadline, key, stop);

    public Task<JsRunResult> Run(JsModules modules, object? parameters = null, string tenant = "ws-a", IJsHost? host = null,
        TimeSpan? deadline = null, string? key = null, CancellationToken stop = default) =>
        Runtime.Run(new JsRun(new JsTenant(tenant), key ?? $"k{modules.Modules.Sum(module => (long)(uint)string.GetHashCode(module.Key + module.Value,
            StringComparison.Ordinal))}", _ => new ValueTask<JsModules>(modules), Json(parameters ?? new { }),
            Json(new { app = "notes", user = "ann" }), deadline ?? TimeSpan.FromSeconds(60), host ?? new Echo()), stop);

    /// <summary>What a run returned; fails with what it threw instead.</summary>
    public async Task<JsonElement> Value(string source, object? parameters = null, string tenant = "ws-a", IJsHost? host = null)
    {
        var result = await Run(source, parameters, tenant, host);
        Assert.True(result.Outcome == JsOutcome.Returned, $"{result.Outcome}: {result.Error?.Message} {result.Error?.Stack}");
        return result.Value!.Value;
    }

    /// <summary>What a run threw.</summary>
    public async Task<JsError> Error(string source, object? parameters = null, string tenant = "ws-a", IJsHost? host = null)
    {
        var result = await Run(source, parameters, tenant, host);
        Assert.Equal(JsOutcome.Failed, result.Outcome);
        return result.Error!;
    }

    public static ReadOnlyMemory<byte> Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        await services.DisposeAsync();
    }
}

/// <summary>A host that answers each call with its operation and arguments, and remembers them.</summary>
internal sealed class Echo : IJsHost
{
    public ConcurrentQueue<(string Operation, string Arguments)> Calls { get; } = [];

    public Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop)
    {
        var text = Encoding.UTF8.GetString(arguments.Span);
        Calls.Enqueue((operation, text));
        return Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes($$"""{"operation":"{{operation}}","arguments":{{text}}}"""));
    }
}
