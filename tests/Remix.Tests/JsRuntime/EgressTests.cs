using System.Net;
using System.Net.Sockets;
using System.Text;
using Remix.Platform.Settings;

namespace Remix.Tests.JsRuntime;

/// <summary>Code reaches the public internet by https, and nothing else, however it writes the address.</summary>
public sealed class EgressTests : IClassFixture<EgressTests.Opened>
{
    private const string Fetch = """
        export default async ({ url, options }) => {
          try {
            const answer = await fetch(url, options);
            return { status: answer.status, url: answer.url, text: await answer.text(), type: answer.headers.get('content-type'),
              hop: answer.headers.get('keep-alive') };
          } catch (e) { return { refused: e.message }; }
        };
        """;

    private readonly Opened opened;

    public EgressTests(Opened opened) => this.opened = opened;

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://0/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://a.localhost/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://１２７.0.0.1/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://inside.test/")]
    [InlineData("http://example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("unix:/slot/host.sock")]
    [InlineData("https://user:password@example.com/")]
    public async Task What_is_not_the_public_internet_is_refused(string url)
    {
        var value = await opened.Engine.Value(Fetch, new { url });

        Assert.True(value.TryGetProperty("refused", out var why), value.GetRawText());
        Assert.NotEqual("", why.GetString());
    }

    [Fact]
    public async Task What_the_operator_opened_can_be_fetched()
    {
        var value = await opened.Engine.Value(Fetch, new
        {
            url = $"http://opened.test:{opened.Port}/echo?q=1",
            options = new { method = "POST", body = "hello", headers = new { accept = "text/x", te = "trailers" } },
        });

        Assert.Equal(200, value.GetProperty("status").GetInt32());
        Assert.Equal("text/plain", value.GetProperty("type").GetString());
        var seen = value.GetProperty("text").GetString()!;
        Assert.StartsWith("POST /echo?q=1 HTTP/1.1", seen, StringComparison.Ordinal);
        Assert.Contains($"Host: opened.test:{opened.Port}", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("accept: text/x", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("x-run", seen, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("hello", seen, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, value.GetProperty("hop").ValueKind);
    }

    [Fact]
    public async Task A_redirect_is_judged_again()
    {
        var good = await opened.Engine.Value(Fetch, new { url = $"http://opened.test:{opened.Port}/to-echo" });
        var bad = await opened.Engine.Value(Fetch, new { url = $"http://opened.test:{opened.Port}/to-inside" });

        Assert.Contains("GET /echo", good.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal($"http://opened.test:{opened.Port}/echo", good.GetProperty("url").GetString());
        Assert.True(bad.TryGetProperty("refused", out _), bad.GetRawText());
    }

    [Fact]
    public async Task Sockets_are_refused_clearly()
    {
        var value = await opened.Engine.Value("""
            export default async () => {
              const tried = {};
              try { new WebSocket('wss://example.com'); } catch (e) { tried.socket = e.message; }
              try { new EventSource('https://example.com'); } catch (e) { tried.events = e.message; }
              try { await fetch('https://example.com', { headers: { Upgrade: 'websocket' } }); } catch (e) { tried.upgrade = e.message; }
              try { await import('cloudflare:sockets'); } catch (e) { tried.connect = e.message; }
              return tried;
            };
            """);

        Assert.Contains("WebSockets are not open", value.GetProperty("socket").GetString(), StringComparison.Ordinal);
        Assert.Contains("not open", value.GetProperty("events").GetString(), StringComparison.Ordinal);
        Assert.Contains("WebSockets are not open", value.GetProperty("upgrade").GetString(), StringComparison.Ordinal);
        Assert.Contains("own files only", value.GetProperty("connect").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_beyond_all_measure_is_cut_off()
    {
        var value = await opened.Engine.Value("""
            export default async ({ url }) => {
              try {
                let size = 0;
                for await (const piece of (await fetch(url)).body) size += piece.length;
                return { size };
              } catch (e) { return { refused: e.message }; }
            };
            """, new { url = $"http://opened.test:{opened.Port}/endless" });

        Assert.True(value.TryGetProperty("refused", out _), value.GetRawText());
    }

    /// <summary>An engine whose operator opened one host, where somebody listens who tells what it was sent.</summary>
    public sealed class Opened : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public Opened()
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            _ = Serve();
            Engine = new Engine(null, settings => settings with { AllowPrivateHosts = new PrivateHosts(["opened.test"], []) },
                (host, _) => Task.FromResult(host.EndsWith(".test", StringComparison.Ordinal) ? [IPAddress.Loopback] : Array.Empty<IPAddress>()));
        }

        public Engine Engine { get; }

        public int Port { get; }

        private async Task Serve()
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptTcpClientAsync();
                    _ = Answer(client);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Over.
            }
        }

        private static async Task Answer(TcpClient client)
        {
            using var owned = client;
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[64 * 1024];
                var text = "";
                do
                {
                    text += Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));
                }
                while (!text.Contains("\r\n\r\n", StringComparison.Ordinal) || (text.StartsWith("POST", StringComparison.Ordinal)
                    && !text.EndsWith("hello", StringComparison.Ordinal)));
                var path = text.Split(' ')[1];
                var head = path switch
                {
                    "/to-echo" => "HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0",
                    "/to-inside" => "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0",
                    "/endless" => "HTTP/1.1 200 OK",
                    _ => "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nKeep-Alive: timeout=5\r\n"
                        + $"Content-Length: {Encoding.UTF8.GetByteCount(text)}",
                };
                var body = head.Contains("200 OK\r", StringComparison.Ordinal) ? text : "";
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"{head}\r\nConnection: close\r\n\r\n{body}"));
                while (path == "/endless")
                {
                    await stream.WriteAsync(buffer);
                }
            }
            catch (IOException)
            {
                // The other side had enough.
            }
        }

        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            await Engine.DisposeAsync();
        }
    }
}
