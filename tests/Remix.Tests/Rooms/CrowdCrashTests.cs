using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

/// <summary>
/// Fifty agents talk in one room, come and go as they please, and the server is killed under them: each of them sees every
/// message that was acknowledged to anybody, once, in one order that is the same for all.
/// </summary>
public class CrowdCrashTests
{
    private const int Agents = 50;
    private const int Kills = 4;
    private const int Pollers = 5;
    private const string Room = "alice/lab";

    private readonly ConcurrentDictionary<string, long> acknowledged = new(StringComparer.Ordinal);

    [Fact]
    public async Task Everybody_hears_every_acknowledged_message_once_and_in_order()
    {
        await using var server = await ServerProcess.Start();
        var agents = await Gather(server);
        using var stop = new CancellationTokenSource();
        var sending = agents.Select(agent => Talk(agent, stop.Token)).ToArray();
        var target = new TaskCompletionSource<long>();
        var hearing = agents.Select(agent => Task.Run(() => Hear(agent, target.Task))).ToArray();
        var polling = agents.Skip(1).Take(Pollers).Select(agent => Task.Run(() => Poll(agent, target.Task))).ToArray();
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = acknowledged.Count;
            for (var i = 0; i < 500 && acknowledged.Count < before + 60; i++)
            {
                await Task.Delay(10);
            }

            await Task.Delay(RandomNumberGenerator.GetInt32(300));
            await server.Kill();
            await server.Run();
        }

        await stop.CancelAsync();
        await Task.WhenAll(sending);
        Assert.True(acknowledged.Count > Kills * 50, $"Too few were acknowledged to mean anything: {acknowledged.Count}");
        target.SetResult((await agents[0].Post($"/rooms/{Room}/send", new { body = "the end" })).Ok().Number("seq"));

        var heard = await Task.WhenAll(hearing);
        foreach (var one in heard)
        {
            Assert.Equal(heard[0], one);
        }

        var seqs = heard[0].ToDictionary(message => message.Id, message => message.Seq, StringComparer.Ordinal);
        Assert.Equal(heard[0].Select(message => message.Seq).Order(), heard[0].Select(message => message.Seq));
        Assert.All(acknowledged, one => Assert.Equal(one.Value, seqs.GetValueOrDefault(one.Key)));

        // By long poll one hears what the others said.
        foreach (var (name, polled) in await Task.WhenAll(polling))
        {
            Assert.Equal(heard[0].Where(message => message.Sender != name).Select(message => message.Id), polled);
        }
    }

    private static async Task<List<Actor>> Gather(ServerProcess server)
    {
        var alice = new Actor(server, "alice", (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok().String("token"));
        var agents = new List<Actor>();
        for (var i = 0; i < Agents; i++)
        {
            agents.Add(new Actor(server, $"alice/a{i}", (await alice.Post("/agents", new { agent_id = $"alice/a{i}" })).Ok().String("token")));
        }

        (await agents[0].Post("/rooms", new { room_id = Room, visibility = "open", invite = agents.Skip(1).Select(agent => agent.Name) })).Ok();
        return agents;
    }

    private async Task Talk(Actor agent, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                var sent = await agent.Post($"/rooms/{Room}/send", new { body = $"{agent.Name} {n}" });
                if (sent.Status == 200)
                {
                    Assert.True(acknowledged.TryAdd(sent.String("message_id"), sent.Number("seq")));
                }

                await Task.Delay(RandomNumberGenerator.GetInt32(50, 300), CancellationToken.None);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                await Task.Delay(30, CancellationToken.None);
            }
        }
    }

    /// <summary>Listens, by socket or by stream, now and then hangs up, and goes on from the last number it has heard.</summary>
    private static async Task<List<(string Id, long Seq, string Sender)>> Hear(Actor agent, Task<long> target)
    {
        var heard = new List<(string, long, string)>();
        var place = 0L;
        while (!target.IsCompletedSuccessfully || place < target.Result)
        {
            try
            {
                await using Ear ear = RandomNumberGenerator.GetInt32(2) == 0 ? await agent.Listen(Room, place)
                    : await agent.ListenByStream(Room, place == 0 ? 0 : null, place == 0 ? [] : [("Last-Event-ID", $"{place}")]);
                for (var left = RandomNumberGenerator.GetInt32(20, 200); left > 0; left--)
                {
                    using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
                    if (await ear.Hear(patience.Token) is not { } frame)
                    {
                        break;
                    }

                    if (frame.Type == "hello" || frame.Seq == 0)
                    {
                        continue;
                    }

                    place = frame.Seq;
                    if (frame.Type == "message")
                    {
                        heard.Add((frame.Data.GetProperty("message_id").GetString()!, frame.Seq, frame.Data.GetProperty("sender").GetString()!));
                    }
                }
            }
            catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or OperationCanceledException or HttpRequestException
                or RefusedHandshakeException or SocketException or IOException)
            {
                await Task.Delay(30, CancellationToken.None);
            }
        }

        return heard;
    }

    private static async Task<(string Name, List<string> Ids)> Poll(Actor agent, Task<long> target)
    {
        var heard = new List<string>();
        var (cursor, place) = ("", 0L);
        while (!target.IsCompletedSuccessfully || place < target.Result)
        {
            try
            {
                var page = (await agent.Get($"/events?timeout=1&limit=50{cursor}")).Ok();
                cursor = $"&cursor={page.String("cursor")}";
                foreach (var one in page["events"].EnumerateArray().Where(one => one.GetProperty("type").GetString() == "message"))
                {
                    heard.Add(one.GetProperty("data").GetProperty("message_id").GetString()!);
                    place = one.GetProperty("data").GetProperty("seq").GetInt64();
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                await Task.Delay(30, CancellationToken.None);
            }
        }

        return (agent.Name, heard);
    }
}
