using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

/// <summary>The server is killed at any moment: acknowledged signals, values, permissions and activities are there, once.</summary>
public class CloudCrashTests
{
    private const int Rounds = 6;

    private readonly ConcurrentDictionary<string, int?> signals = new(StringComparer.Ordinal);
    private int granted;
    private int attempted;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_however_often_the_server_is_killed()
    {
        await using var server = await ServerProcess.Start();
        var token = (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok().String("token");
        var alice = new Actor(server.Cloud, "alice", token);
        (await alice.Post("/ws", new { name = "lab" })).Ok(201);
        for (var round = 0; round < Rounds; round++)
        {
            using var stop = new CancellationTokenSource();
            var (number, before) = (round, (Signals: signals.Count, Grants: granted));
            var load = Enumerable.Range(0, 4).Select(_ => Promise(alice, stop.Token))
                .Concat(Enumerable.Range(0, 2).Select(n => Grant(alice, $"{number}-{n}", stop.Token))).ToArray();
            for (var i = 0; i < 1000 && (signals.Count < before.Signals + 10 || granted < before.Grants + 4); i++)
            {
                await Task.Delay(10);
            }

            await Task.Delay(RandomNumberGenerator.GetInt32(150));
            await server.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            await server.Run();
        }

        Assert.True(signals.Count > Rounds * 8, $"Too few were acknowledged to mean anything: {signals.Count}");
        foreach (var (url, value) in signals)
        {
            var heard = (await alice.Get($"{url}?timeout=0")).Ok();
            if (value is { } sent)
            {
                Assert.Equal(sent, heard["_rmx_value"].GetProperty("n").GetInt32());
            }
        }

        var permissions = (await alice.Get("/v1/ws/lab/permissions")).Ok().List("permissions").Count;
        var activities = (await alice.Post("/count-activities/lab", new { activity = "grant_permission" })).Ok().Number("count");
        Assert.InRange(permissions, granted, attempted);
        Assert.Equal(permissions, activities);
        Assert.Equal(0, await server.Terminate());
    }

    private async Task Promise(Actor alice, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                var url = (await alice.Post("/v1/signals")).Ok().String("url");
                signals[url] = null;
                (await alice.Post(url, new { n })).Ok();
                signals[url] = n;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                // Whether it was kept nobody knows.
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private async Task Grant(Actor alice, string name, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested && n < 80; n++)
        {
            try
            {
                Interlocked.Increment(ref attempted);
                (await alice.Post("/grant-permission/lab", new { subject = $"user/u{name}-{n}", role = "runner", resource = "workspace" })).Ok();
                Interlocked.Increment(ref granted);
                await Task.Delay(5, CancellationToken.None);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }
}
