using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Remix.JsRuntime;
using Remix.JsRuntime.Workers;
using Remix.Tests.Support;

namespace Remix.Tests.JsRuntime;

/// <summary>What a worker answers passes through a server as it comes: streams, and WebSockets.</summary>
public sealed class WorkerFrontTests : IAsyncLifetime
{
    private const string Source = """
        let made = 0, cancelled = 0, go;
        const text = new TextEncoder();
        export default {
          async fetch(request) {
            const url = new URL(request.url);
            switch (url.pathname) {
              case '/steps': {
                const waits = new Promise((resolve) => { go = resolve; });
                let step = 0;
                return new Response(new ReadableStream({
                  async pull(controller) {
                    if (step++ === 0) return controller.enqueue(text.encode('first'));
                    await scheduler.wait(20);
                    if (go === null) { controller.enqueue(text.encode(' last')); controller.close(); } else controller.enqueue(text.encode('.'));
                  },
                }), { headers: { 'x-made-by': 'worker', 'content-type': 'text/event-stream' } });
              }
              case '/umlauts': return new Response(null, { status: 302, headers: { location: 'https://example.org/\u00fc?\u00c3\u00a4' } });
              case '/go': go = null; return new Response('gone');
              case '/endless': return new Response(new ReadableStream({
                pull(controller) { made++; controller.enqueue(new Uint8Array(65536)); },
                cancel() { cancelled++; },
              }, { highWaterMark: 0 }));
              case '/made': return Response.json({ made, cancelled });
              case '/dies': {
                let step = 0;
                return new Response(new ReadableStream({
                  async pull(controller) {
                    if (step++ === 0) return controller.enqueue(text.encode('first'));
                    await scheduler.wait(50);
                    throw new Error('no more');
                  },
                }));
              }
              case '/hangs': {
                let step = 0;
                return new Response(new ReadableStream({
                  async pull(controller) {
                    if (step++ === 0) return controller.enqueue(text.encode('first'));
                    await scheduler.wait(50);
                    for (;;);
                  },
                }));
              }
              case '/echo': return new Response(request.body, { headers: { 'x-url': request.url, 'x-method': request.method } });
              case '/socket': {
                if (request.headers.get('upgrade') !== 'websocket') return new Response('Come with a WebSocket', { status: 426 });
                const [theirs, ours] = Object.values(new WebSocketPair());
                ours.accept();
                ours.binaryType = 'arraybuffer';
                ours.addEventListener('message', ({ data }) => {
                  if (data === 'close') ours.close(4001, 'as you wish');
                  else ours.send(typeof data === 'string' ? `${data} yourself` : data);
                });
                ours.addEventListener('close', ({ code, reason }) => { made = code; });
                const headers = request.headers.has('sec-websocket-protocol') ? { 'sec-websocket-protocol': 'chat' } : {};
                return new Response(null, { status: 101, webSocket: theirs, headers });
              }
              default: return new Response('nothing', { status: 404 });
            }
          },
        };
        """;

    private readonly Workshop workshop = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private WebApplication server = null!;

    private string Address => server.Urls.First();

    public async ValueTask InitializeAsync()
    {
        var front = workshop.Engine.Service<WorkerFront>();
        var code = Workshop.Code(Source);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        server = builder.Build();
        server.Run(async context =>
        {
            try
            {
                await front.Pass(context, new JsTenant("shop"), 1, _ => new ValueTask<WorkerCode>(code),
                    TimeSpan.FromSeconds(context.Request.Query.ContainsKey("short") ? 1 : 60));
            }
            catch (WorkerException e)
            {
                context.Response.StatusCode = e.Status;
            }
        });
        await server.StartAsync();
        http.BaseAddress = new Uri(Address);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        await workshop.DisposeAsync();
    }

    [Fact]
    public async Task The_first_bytes_come_before_the_last_are_made()
    {
        using var answer = await http.GetAsync("/steps", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        Assert.Equal("worker", answer.Headers.GetValues("x-made-by").Single());
        Assert.Equal("first", await Read(body, 5));

        Assert.Equal("gone", await http.GetStringAsync("/go"));
        using var rest = new StreamReader(body);
        Assert.EndsWith(" last", await rest.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_is_made_than_is_taken_and_who_goes_away_cancels()
    {
        using (var answer = await http.GetAsync("/endless", HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await answer.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1024]);
            var made = -1L;
            await Patience.Until(async () =>
            {
                await Task.Delay(200);
                var before = made;
                return (made = await Number("made")) == before;
            }, stands => stands);
        }

        await Patience.Until(() => Number("cancelled"), cancelled => cancelled == 1);
        using var lease = await workshop.Engine.Service<WorkerRuntime>().Rent(new JsTenant("shop"), 1, null!, default);
        Assert.False(lease.Slot.IsDead);
    }

    [Theory]
    [InlineData("/dies")]
    [InlineData("/hangs?short")]
    public async Task Half_an_answer_is_not_taken_for_a_whole_one(string path)
    {
        using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        Assert.Equal("first", await Read(body, 5));
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));

        Assert.Equal("nothing", await (await http.GetAsync("/elsewhere")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_header_in_another_alphabet_is_written_in_ours()
    {
        using var direct = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var answer = await direct.GetAsync($"{Address}/umlauts");

        Assert.Equal(302, (int)answer.StatusCode);
        Assert.StartsWith("https://example.org/%", answer.Headers.GetValues("location").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_passes_as_it_was_written()
    {
        using var answer = await http.PostAsync("/echo/../echo?q=%2F%20x", new StringContent("hello"));

        Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
        Assert.Equal($"{Address}/echo?q=%2F%20x", answer.Headers.GetValues("x-url").Single());
        Assert.Equal("POST", answer.Headers.GetValues("x-method").Single());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_WebSocket_passes_both_ways(int version)
    {
        using var socket = await Open(version);
        await Send(socket, "hello");
        Assert.Equal("hello yourself", await Hear(socket));
        var bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);
        await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, default);
        Assert.Equal(bytes, await HearBytes(socket));

        await Send(socket, "close");
        Assert.Equal("", await Hear(socket));
        Assert.Equal((4001, "as you wish"), ((int)socket.CloseStatus!, socket.CloseStatusDescription));
    }

    [Fact]
    public async Task The_callers_close_reaches_the_worker()
    {
        using var socket = await Open(1, "chat");
        Assert.Equal("chat", socket.SubProtocol);
        await socket.CloseAsync((WebSocketCloseStatus)4007, "enough", default);

        await Patience.Until(() => Number("made"), code => code == 4007);
    }

    [Fact]
    public async Task A_caller_who_vanishes_is_noticed()
    {
        var socket = await Open(1);
        await Send(socket, "hello");
        Assert.Equal("hello yourself", await Hear(socket));
        socket.Abort();
        socket.Dispose();

        await Patience.Until(() => Number("made"), code => code == 1006);
    }

    [Fact]
    public async Task What_is_no_WebSocket_is_answered_as_what_it_is()
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(Address.Replace("http", "ws") + "/elsewhere"), default));
        Assert.Equal(HttpStatusCode.NotFound, socket.HttpStatusCode);
        Assert.Equal(426, (int)(await http.GetAsync("/socket")).StatusCode);
    }

    private async Task<ClientWebSocket> Open(int version, string? protocol = null)
    {
        var socket = new ClientWebSocket();
        if (protocol is not null)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        socket.Options.HttpVersion = new Version(version, version == 1 ? 1 : 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        await socket.ConnectAsync(new Uri(server.Urls.ElementAt(version - 1).Replace("http", "ws") + "/socket"),
            version == 1 ? null : invoker, default);
        return socket;
    }

    private async Task<long> Number(string name)
    {
        using var json = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync("/made"));
        return json.RootElement.GetProperty(name).GetInt64();
    }

    private static Task Send(WebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);

    private static async Task<string> Hear(WebSocket socket) => Encoding.UTF8.GetString(await HearBytes(socket));

    private static async Task<byte[]> HearBytes(WebSocket socket)
    {
        using var heard = new MemoryStream();
        var buffer = new byte[8192];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        WebSocketReceiveResult piece;
        do
        {
            piece = await socket.ReceiveAsync(buffer, patience.Token);
            heard.Write(buffer, 0, piece.Count);
        }
        while (!piece.EndOfMessage);
        return heard.ToArray();
    }

    private static async Task<string> Read(Stream body, int count)
    {
        var buffer = new byte[count];
        await body.ReadExactlyAsync(buffer);
        return Encoding.UTF8.GetString(buffer);
    }
}
