using System.Net;
using System.Net.Sockets;
using System.Text;
using Remix.Platform.Settings;

namespace Remix.Tests.JsRuntime;

/// <summary>
/// However an agent writes an address of the inside, nobody there is ever called: somebody listens at every address that this
/// machine has, and hears of no connection.
/// </summary>
public sealed class InsideAddressTests(InsideAddressTests.Inside inside) : IClassFixture<InsideAddressTests.Inside>
{
    private const string Fetch = """
        export default async ({ urls, options }) => ({ said: await Promise.all(urls.map(async (url) => {
          try { return `came: ${(await fetch(url, options)).status}`; } catch (e) { return `refused: ${e.message}`; }
        })) });
        """;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0X7F.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("017700000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("0177.0x0.0.01")]
    [InlineData("0")]
    [InlineData("0.0.0.0")]
    [InlineData("0x0")]
    [InlineData("%31%32%37.0.0.1")]
    [InlineData("１２７.０.０.１")]
    [InlineData("127。0｡0．1")]
    [InlineData("①②⑦.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::FFFF:7F00:1]")]
    [InlineData("[::ffff:0:127.0.0.1]")]
    [InlineData("[64:ff9b::127.0.0.1]")]
    [InlineData("[64:ff9b:1::127.0.0.1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[2001:0:7f00:1::]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fec0::1]")]
    [InlineData("[fc00::1]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("[ff02::1]")]
    [InlineData("localhost")]
    [InlineData("LocalHost")]
    [InlineData("localhost.")]
    [InlineData("a.b.localhost")]
    [InlineData("ⓛⓞⓒⓐⓛⓗⓞⓢⓣ")]
    [InlineData("lo%63alhost")]
    [InlineData("printer.local")]
    [InlineData("metadata.google.internal")]
    [InlineData("inside.test")]
    [InlineData("INSIDE.TEST.")]
    [InlineData("mixed.test")]
    [InlineData("mapped.test")]
    [InlineData("translated.test")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("0xa9fea9fe")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public async Task Nobody_inside_is_called_however_the_host_is_spelt(string host)
    {
        var urls = new List<string>();
        foreach (var port in (string[])["", $":{inside.Port}"])
        {
            urls.AddRange([$"https://{host}{port}/", $"http://{host}{port}/", $"https://user@{host}{port}/", $"https://public.test@{host}{port}/"]);
        }

        // Redirected to, by a host that may be called.
        urls.AddRange(urls.Take(5).ToList().Select(url => $"http://opened.test:{inside.OpenedPort}/{Uri.EscapeDataString(url)}"));

        await Refused(urls);
    }

    [Fact]
    public async Task Who_is_public_when_judged_and_inside_when_called_is_not_called() =>
        await Refused(Enumerable.Range(0, 8).Select(n => $"https://rebinding{n}.test:{inside.Port}/"));

    [Fact]
    public async Task No_header_leads_inside()
    {
        foreach (var name in (string[])["host", "x-forwarded-host", "forwarded", "x-real-ip", "proxy-connection"])
        {
            var headers = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = $"127.0.0.1:{inside.Port}" };
            await Refused([$"https://public.test:{inside.Port}/"], new { headers }, mayFail: true);
        }
    }

    private async Task Refused(IEnumerable<string> urls, object? options = null, bool mayFail = false)
    {
        var value = await inside.Engine.Value(Fetch, new { urls, options = options ?? new { } });
        Assert.All(value.GetProperty("said").EnumerateArray().Select(said => said.GetString()!).Zip(urls), one =>
        {
            Assert.StartsWith("refused: ", one.First, StringComparison.Ordinal);

            // It was judged, and not merely found silent.
            Assert.True(mayFail || !(one.First.Contains("does not answer", StringComparison.Ordinal)
                || one.First.Contains("took longer", StringComparison.Ordinal)), $"{one.Second}: {one.First}");
        });
        Assert.Empty(inside.Heard);
    }

    /// <summary>An engine, a listener at every address of this machine, and a host that the operator opened, which redirects.</summary>
    public sealed class Inside : IAsyncDisposable
    {
        private static readonly IPAddress Public = IPAddress.Parse("2606:4700::1111");

        private readonly TcpListener trap = TcpListener.Create(0);
        private readonly TcpListener opened = new(IPAddress.Loopback, 0);
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> asked = new(StringComparer.Ordinal);

        public Inside()
        {
            trap.Start();
            opened.Start();
            _ = Serve(trap, async client =>
            {
                Heard.Enqueue($"{client.Client.RemoteEndPoint}");
                await Task.Yield();
            });
            _ = Serve(opened, Redirect);
            Engine = new Engine(null, settings => settings with { AllowPrivateHosts = new PrivateHosts(["opened.test"], []) },
                (host, _) => Task.FromResult(Addresses(host)));
        }

        public Engine Engine { get; }

        public System.Collections.Concurrent.ConcurrentQueue<string> Heard { get; } = [];

        public int Port => ((IPEndPoint)trap.LocalEndpoint).Port;

        public int OpenedPort => ((IPEndPoint)opened.LocalEndpoint).Port;

        private IPAddress[] Addresses(string host) => host.TrimEnd('.').ToLowerInvariant() switch
        {
            "public.test" => [Public],
            "mixed.test" => [Public, IPAddress.Loopback],
            "mapped.test" => [IPAddress.Loopback.MapToIPv6()],
            "translated.test" => [IPAddress.Parse("64:ff9b::7f00:1")],
            var name when name.StartsWith("rebinding", StringComparison.Ordinal) =>
                [asked.AddOrUpdate(name, 1, (_, times) => times + 1) == 1 ? Public : IPAddress.Loopback],
            _ => [IPAddress.Loopback],
        };

        private static async Task Serve(TcpListener listener, Func<TcpClient, Task> answer)
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    await answer(client);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Over.
            }
        }

        private static async Task Redirect(TcpClient client)
        {
            var stream = client.GetStream();
            var buffer = new byte[64 * 1024];
            var read = await stream.ReadAsync(buffer);
            var target = Uri.UnescapeDataString(Encoding.UTF8.GetString(buffer, 0, read).Split(' ')[1][1..]);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 307 There\r\nLocation: {target}\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n"));
        }

        public async ValueTask DisposeAsync()
        {
            trap.Dispose();
            opened.Dispose();
            await Engine.DisposeAsync();
        }
    }
}
