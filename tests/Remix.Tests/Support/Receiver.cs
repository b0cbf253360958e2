using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Remix.Tests.Support;

/// <summary>Somebody else's server, which gets what ours sends and answers as the test wants.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Call> calls = new();

    private Receiver(Func<Call, (int Status, string? Location)> answer, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        app = builder.Build();
        Url = $"http://127.0.0.1:{port}/hook";
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var call = new Call(await reader.ReadToEndAsync(), context.Request.Headers.ToDictionary(header => header.Key,
                header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            var (status, location) = answer(call);
            calls.Enqueue(call);
            context.Response.StatusCode = status;
            if (location is not null)
            {
                context.Response.Headers.Location = location;
            }
        });
    }

    public string Url { get; }

    /// <summary>What came, in the order in which it came.</summary>
    public IReadOnlyList<Call> Calls => [.. calls];

    public static async Task<Receiver> Start(Func<Call, (int Status, string? Location)>? answer = null, int? port = null)
    {
        var receiver = new Receiver(answer ?? (_ => (200, null)), port ?? Ports.Free());
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>The calls, once there are so many.</summary>
    public async Task<IReadOnlyList<Call>> Wait(int count, int seconds = 20)
    {
        for (var i = 0; i < seconds * 50 && calls.Count < count; i++)
        {
            await Task.Delay(20);
        }

        Assert.True(calls.Count >= count, $"{count} calls were expected, {calls.Count} came: {string.Join(", ", calls.Select(call => call.Event))}");
        return Calls;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    internal sealed record Call(string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public string Event => Headers.GetValueOrDefault("X-Remix-Event", "");

        public string Delivery => Headers.GetValueOrDefault("X-Remix-Delivery", "");

        public System.Text.Json.JsonElement Json => System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(Body);
    }
}
