using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Data;

/// <summary>The server is killed while workspaces are written: their databases open again, with all that was acknowledged.</summary>
public class CloudCrashTests
{
    private const int Rounds = 6;
    private const int Writers = 6;

    private readonly ConcurrentDictionary<string, bool> acknowledged = new(StringComparer.Ordinal);

    [Fact]
    public async Task Nothing_acknowledged_in_a_workspace_is_lost_however_often_the_server_is_killed()
    {
        var port = Ports.Free();
        await using var server = await ServerProcess.Start("--cloud-port", $"{port}");
        var token = (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok(201).String("token");
        var alice = new Actor(new At($"http://localhost:{port}", server), "alice", token);
        for (var writer = 0; writer < Writers; writer++)
        {
            (await alice.Post("/ws", new { name = $"ws{writer}" })).Ok(201);
        }

        for (var round = 0; round < Rounds; round++)
        {
            using var stop = new CancellationTokenSource();
            var (before, number) = (acknowledged.Count, round);
            var load = Enumerable.Range(0, Writers).Select(writer => Write(alice, $"ws{writer}", number, stop.Token)).ToArray();
            for (var i = 0; i < 1000 && acknowledged.Count < before + 3 * Writers; i++)
            {
                await Task.Delay(10);
            }

            await Task.Delay(RandomNumberGenerator.GetInt32(100));
            await server.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            await server.Run();
        }

        Assert.True(acknowledged.Count >= Rounds * Writers, $"Too few were acknowledged to mean anything: {acknowledged.Count}");
        foreach (var place in acknowledged.Keys)
        {
            (await alice.Delete(place)).Ok();
        }
    }

    /// <summary>Keeps queries, each in an app of its own in turn, until the server is gone.</summary>
    private async Task Write(Actor alice, string workspace, int round, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                (await alice.Post($"/query/{workspace}/app{n % 5}", new { name = $"q{round}-{n}", ast = $"n == {n}" })).Ok(201);
                acknowledged[$"/query/{workspace}/app{n % 5}/q{round}-{n}"] = true;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                // Whether it was kept nobody knows, so it is not asked for.
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private sealed class At(string baseUrl, ServerProcess server) : IServerAddress
    {
        public string BaseUrl => baseUrl;

        public HttpClient Http => server.Http;

        public IReadOnlyList<string> TakeErrors() => server.TakeErrors();
    }
}
