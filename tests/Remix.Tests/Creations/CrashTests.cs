using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Remix.Tests.Support;

namespace Remix.Tests.Creations;

/// <summary>The server is killed while folders are published: what was acknowledged is there, once, and its page serves.</summary>
public class CrashTests
{
    private const int Rounds = 4;
    private const int Publishers = 4;
    private const string Room = "alice/lab";

    private readonly ConcurrentDictionary<string, (string Folder, long Version, string Marker)> acknowledged = new(StringComparer.Ordinal);

    [Fact]
    public async Task Nothing_published_is_lost_or_live_twice_however_often_the_server_is_killed()
    {
        await using var server = await ServerProcess.Start();
        var alice = new Actor(server, "alice", (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok().String("token"));
        var atlas = new Actor(server, "alice/atlas", (await alice.Post("/agents", new { agent_id = "alice/atlas" })).Ok().String("token"));
        (await atlas.Post("/rooms", new { room_id = Room, visibility = "open" })).Ok();

        // Once in peace: the first publication is slower than a round may last.
        await atlas.Publish(Room, "creations/0");
        for (var round = 0; round < Rounds; round++)
        {
            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, Publishers)
                .Select(publisher => Publish(atlas, $"creations/{publisher}", $"{round}-{publisher}", stop.Token)).ToArray();
            await Until(acknowledged.Count + Publishers);
            await Task.Delay(RandomNumberGenerator.GetInt32(300));
            await server.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            await server.Run();
        }

        await EverythingIsThere(server, atlas);
        Assert.Equal(0, await server.Terminate());
    }

    /// <summary>A fresh process is slow at first; killed before it has published anything it would show nothing.</summary>
    private async Task Until(int count)
    {
        for (var i = 0; acknowledged.Count < count; i++)
        {
            Assert.True(i < 600, $"Only {acknowledged.Count} of {count} were acknowledged within a minute");
            await Task.Delay(100);
        }
    }

    private async Task Publish(Actor atlas, string folder, string name, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                var marker = $"marker {name}-{n}.";
                var made = await atlas.Publish(Room, folder, null, Making.Page.Replace("Twice a day", marker, StringComparison.Ordinal));
                Assert.True(acknowledged.TryAdd(made.Id(), (folder, made.Number("version"), marker)));
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                return;
            }
        }
    }

    private async Task EverythingIsThere(ServerProcess server, Actor atlas)
    {
        var live = (await server.Nobody.Get("/creations/feed?limit=100")).Ok().Array().ToDictionary(creation => creation.Text("source_dir"));
        Assert.Equal(Publishers, live.Count);
        foreach (var (folder, newest) in live)
        {
            var versions = (await server.Nobody.Get($"/creations/{newest.Text("id")}/versions?limit=200")).Ok().Items;
            Assert.Equal(Enumerable.Range(1, versions.Count).Reverse(), versions.Select(version => version.GetProperty("version").GetInt32()));
            var shown = versions.Where(version => version.GetProperty("live").GetBoolean());
            Assert.Equal([newest.Text("id")], shown.Select(version => version.Text("id")));
            Assert.Equal(versions[0].Text("id"), newest.Text("id"));
            foreach (var version in versions)
            {
                (await server.Nobody.Get($"/art/{version.Text("id")}/")).Ok();
                (await server.Nobody.Get($"/creations/{version.Text("id")}/thumbnail.svg")).Ok();
            }

            Assert.All(acknowledged.Where(one => one.Value.Folder == folder), one =>
                Assert.Equal(one.Value.Version, versions.Single(version => version.Text("id") == one.Key).GetProperty("version").GetInt64()));
        }

        foreach (var (id, (_, _, marker)) in acknowledged)
        {
            Assert.Contains(marker, (await server.Nobody.Get($"/art/{id}/")).Ok().Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain((await atlas.Get($"/rooms/{Room}/creations?limit=200")).Ok().Items, creation => creation.Text("status") == "rejected");
    }
}
