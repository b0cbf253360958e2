using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

/// <summary>The server is killed at any moment, again and again: what it acknowledged is there, once.</summary>
public class CrashTests
{
    private const int Rounds = 15;
    private const int Senders = 8;
    private const int Uploaders = 3;
    private const string Room = "alice/lab";

    private readonly ConcurrentDictionary<string, string> acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> files = new(StringComparer.Ordinal);
    private long highestSeq;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_there_twice_however_often_the_server_is_killed()
    {
        await using var server = await ServerProcess.Start();
        var alice = new Actor(server, "alice", (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok().String("token"));
        var atlas = new Actor(server, "alice/atlas", (await alice.Post("/agents", new { agent_id = "alice/atlas" })).Ok().String("token"));
        (await atlas.Post("/rooms", new { room_id = Room, visibility = "open" })).Ok();
        for (var round = 0; round < Rounds; round++)
        {
            await Round(server, atlas, round);
        }

        Assert.True(acknowledged.Count > Rounds * 10, $"Too few were acknowledged to mean anything: {acknowledged.Count}");
        Assert.True(files.Count > Rounds, $"Too few files were acknowledged to mean anything: {files.Count}");
        await EverythingIsThere(atlas);
        Assert.Equal(0, await server.Terminate());
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why_and_ends()
    {
        var (file, folder) = (Path.GetTempFileName(), Directory.CreateTempSubdirectory());
        var (code, said) = await ServerProcess.Try("--data", Path.Combine(file, "below-a-file"), "--port", $"{Ports.Free()}");
        Assert.Equal(1, code);
        Assert.StartsWith("remix: cannot start: the data directory ", said, StringComparison.Ordinal);
        (code, said) = await ServerProcess.Try("--port", "many", "--host", "no where");
        Assert.Equal(2, code);
        Assert.Contains("REMIX_PORT is 'many'", said, StringComparison.Ordinal);
        Assert.Contains("REMIX_HOST is 'no where'", said, StringComparison.Ordinal);
        (code, said) = await ServerProcess.Try("--data", folder.FullName, "--host", "192.0.2.1", "--port", $"{Ports.Free()}",
            "--cloud-port", $"{Ports.Free()}");
        Assert.Equal(1, code);
        Assert.Contains("remix: cannot start: REMIX_HOST is '192.0.2.1'", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        (code, said) = await ServerProcess.Try("--data", folder.FullName, "--port", $"{Ports.Free()}", "--cloud-port", $"{Ports.Free()}",
            "--database", "Host=127.0.0.1;Port=1;Database=remix;Username=remix");
        Assert.Equal(1, code);
        Assert.Contains("remix: cannot start: the database that REMIX_DATABASE names cannot be used", said, StringComparison.Ordinal);
        folder.Delete(recursive: true);
        File.Delete(file);
    }

    [Fact, Trait(TestDatabase.Only, "sqlite")]
    public async Task A_directory_has_one_server_at_a_time()
    {
        await using var server = await ServerProcess.Start();
        var (code, said) = await ServerProcess.Try("--data", server.Folder, "--port", $"{Ports.Free()}", "--cloud-port", $"{Ports.Free()}");
        Assert.Equal(1, code);
        Assert.StartsWith("remix: cannot start: another server is running on the data in", said, StringComparison.Ordinal);
        (await server.Nobody.Get("/ready")).Ok();

        // Whatever ends it lets the directory go.
        await server.Kill();
        await server.Run();
    }

    private async Task Round(ServerProcess server, Actor atlas, int round)
    {
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, Senders).Select(sender => Send(atlas, $"{round}.{sender}", stop.Token))
            .Concat(Enumerable.Range(0, Uploaders).Select(uploader => Upload(atlas, $"{round}/{uploader}", stop.Token))).ToArray();
        await Busy(acknowledged.Count + 2 * Senders, files.Count + Uploaders);
        await Task.Delay(RandomNumberGenerator.GetInt32(150));
        await server.Kill();
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await server.Run();

        // The newest number is not lower than any that was told, or a listener that comes back would miss what takes them again.
        await using var ear = await atlas.Listen(Room);
        Assert.True((await ear.Any()).Data.GetProperty("seq").GetInt64() >= Interlocked.Read(ref highestSeq));
    }

    /// <summary>Waits until a server that has just started works: a kill before that would prove nothing.</summary>
    private async Task Busy(int messages, int uploads)
    {
        for (var i = 0; i < 1000 && (acknowledged.Count < messages || files.Count < uploads); i++)
        {
            await Task.Delay(10);
        }
    }

    private async Task Send(Actor atlas, string name, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                var body = $"{name}.{n}";
                var sent = (await atlas.Post($"/rooms/{Room}/send", new { body })).Ok();
                Assert.True(acknowledged.TryAdd(sent.String("message_id"), body));
                Raise(sent.Number("seq"));
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                // Whether it was stored nobody knows, so it is not said again. A connection from before the kill ends like this too.
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private async Task Upload(Actor atlas, string name, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            var path = $"{name}/{n}.bin";
            try
            {
                var stored = (await atlas.Upload(Room, path, RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 200_000)))).Ok();
                Assert.True(files.TryAdd(path, stored.String("sha256")));
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                // Whether it was stored nobody knows, so it is not said again. A connection from before the kill ends like this too.
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private async Task EverythingIsThere(Actor atlas)
    {
        var messages = new List<(string Id, string Body, long Seq)>();
        var after = "2000-01-01T00:00:00Z";
        while (true)
        {
            var page = (await atlas.Get($"/rooms/{Room}/messages?limit=200&after={after}")).Ok();
            messages.AddRange(page.Items.Select(message =>
                (message.GetProperty("message_id").GetString()!, message.GetProperty("body").GetString()!, message.GetProperty("seq").GetInt64())));
            if (!page["has_more"].GetBoolean())
            {
                break;
            }

            after = page.Items[^1].GetProperty("created_at").GetString()!;
        }

        var byId = messages.ToDictionary(message => message.Id, message => message.Body, StringComparer.Ordinal);
        Assert.All(acknowledged, one => Assert.Equal(one.Value, byId.GetValueOrDefault(one.Key)));
        Assert.Equal(messages.Count, messages.Select(message => message.Body).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(messages.Count, (await atlas.Get($"/rooms/{Room}")).Ok().Number("message_count"));

        // The log has every number once, and every message under its own.
        await using var ear = await atlas.Listen(Room, 0);
        var last = (await ear.Any()).Data.GetProperty("seq").GetInt64();
        var heard = new Dictionary<string, long>(StringComparer.Ordinal);
        for (long seq = 1; seq <= last; seq++)
        {
            var frame = await ear.Next();
            Assert.Equal(seq, frame.Seq);
            if (frame.Type == "message")
            {
                heard.Add(frame.Data.GetProperty("message_id").GetString()!, seq);
            }
        }

        Assert.Equal(messages.ToDictionary(message => message.Id, message => message.Seq, StringComparer.Ordinal), heard);
        await EveryFileIsThere(atlas);
    }

    private async Task EveryFileIsThere(Actor atlas)
    {
        var listed = (await atlas.Get($"/rooms/{Room}/files?limit=10000")).Ok().Items;
        var known = listed.ToDictionary(file => file.GetProperty("path").GetString()!, file => file.GetProperty("sha256").GetString()!,
            StringComparer.Ordinal);
        Assert.All(files, file => Assert.Equal(file.Value, known.GetValueOrDefault(file.Key)));
        foreach (var (path, sha256) in known)
        {
            var got = (await atlas.Get($"/rooms/{Room}/files/{path}")).Ok();
            Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(got.Bytes)));
        }
    }

    private void Raise(long seq)
    {
        long seen;
        while (seq > (seen = Interlocked.Read(ref highestSeq)) && Interlocked.CompareExchange(ref highestSeq, seq, seen) != seen)
        {
        }
    }
}
