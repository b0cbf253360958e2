using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Packages;

/// <summary>The server is killed while it installs and imports: a package is there whole or not at all, a workspace likewise.</summary>
public class PackageCrashTests
{
    private const int Rounds = 6;
    private const int Records = 2000;
    private const int Files = 40;

    [Fact]
    public async Task A_killed_server_leaves_no_half_of_a_package_or_of_a_workspace()
    {
        var port = Ports.Free();
        await using var server = await ServerProcess.Start("--cloud-port", port.ToString(CultureInfo.InvariantCulture));
        var token = (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok().String("token");
        var alice = new Actor(new CloudOf(server, port), "alice", token);
        (await alice.Post("/ws", new { name = "ws" })).Ok(201);
        for (var round = 0; round < Rounds; round++)
        {
            var installing = Try(() => alice.Post("/install-remix-file/ws", Actor.Bytes(Package(round), "application/octet-stream")));
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 900));
            await server.Kill();
            var acknowledged = await installing;
            await server.Run();
            await RequireWholeOrNothing(alice, $"app{round}", acknowledged);
        }

        (await alice.Post("/install-remix-file/ws", Actor.Bytes(Package(Rounds), "application/octet-stream"))).Ok();
        var tape = (await alice.Get("/ws-export/ws")).Ok().Bytes;
        for (var round = 0; round < Rounds; round++)
        {
            var importing = Try(() => alice.Post($"/ws-import?ws=copy{round}", Actor.Bytes(tape, "application/octet-stream")));
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 1500));
            await server.Kill();
            var acknowledged = await importing;
            await server.Run();
            var copy = await alice.Get($"/ws-export/copy{round}");
            Assert.True(copy.Status == 404 ? !acknowledged : copy.Ok().Bytes.SequenceEqual(tape), $"copy{round} is half a workspace");
        }
    }

    private static async Task RequireWholeOrNothing(Actor alice, string app, bool acknowledged)
    {
        var listed = await alice.Get($"/v1/ws/ws/app/{app}/file-manager/content?path=/data");
        if (listed.Status == 404)
        {
            Assert.False(acknowledged, $"{app} was acknowledged and is not there");
            return;
        }

        Assert.Equal(Files, listed.Ok()["entries"].GetArrayLength());
        (await alice.Post($"/query/ws/{app}", new { name = "all", ast = "all | count" })).Ok(201);
        foreach (var file in listed["entries"].EnumerateArray())
        {
            var bytes = (await alice.Get($"/v1/ws/ws/app/{app}/file-manager/content?path={file.GetProperty("path").GetString()}")).Ok().Bytes;
            Assert.Equal(file.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
    }

    private static byte[] Package(int round)
    {
        var package = Packed.With().And($"apps/app{round}/recordsets/many/1.json",
            $"[{string.Join(',', Enumerable.Range(0, Records).Select(n => $$"""{"n":{{n}},"round":{{round}}}"""))}]");
        for (var n = 0; n < Files; n++)
        {
            package.And($"apps/app{round}/filesets/main/root/data/{n}", RandomNumberGenerator.GetBytes(2000));
        }

        return package.Bytes();
    }

    private static async Task<bool> Try(Func<Task<Answer>> call)
    {
        try
        {
            return (await call()).Status is >= 200 and < 300;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>The cloud's port of a server in a process of its own.</summary>
    private sealed class CloudOf(ServerProcess server, int port) : IServerAddress
    {
        public string BaseUrl => $"http://127.0.0.1:{port}";

        public HttpClient Http => server.Http;

        public IReadOnlyList<string> TakeErrors() => server.TakeErrors();
    }
}
