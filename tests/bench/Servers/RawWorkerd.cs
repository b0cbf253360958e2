using System.Net.Sockets;

namespace Remix.Bench.Servers;

/// <summary>
/// workerd as it comes: a front that passes a request to a loaded isolate, which is kept between requests, in no sandbox.
/// What a platform for agents adds has this as its measure.
/// </summary>
internal sealed class RawWorkerd : IAsyncDisposable
{
    private const string Config = """
        using Workerd = import "/workerd/workerd.capnp";
        const config :Workerd.Config = (
          services = [(name = "front", worker = .front), (name = "internet", network = (allow = []))],
          sockets = [(name = "run", http = (), service = "front"), (name = "port", http = (), service = "front")],
        );
        const front :Workerd.Worker = (
          modules = [(name = "front.js", esModule = embed "front.js")],
          compatibilityDate = "2026-10-01",
          bindings = [(name = "LOADER", workerLoader = (id = "agents"))],
        );
        """;

    private const string Front = """
        const agent = `AGENT`;
        const run = `import agent from './agent.js';
          export default { async fetch(request) { return new Response(JSON.stringify(await agent(await request.json()))); } };`;
        const code = async () => ({ compatibilityDate: '2026-10-01', mainModule: 'run.js', modules: { 'run.js': run, 'agent.js': agent },
          env: {}, globalOutbound: null });
        export default {
          fetch(request, env) { return env.LOADER.get('agent', code).getEntrypoint().fetch(request); },
        };
        """;

    private readonly ChildProcess process;

    private RawWorkerd(ChildProcess process, HttpMessageInvoker client, int port) =>
        (this.process, Client, Address) = (process, client, new Uri($"http://127.0.0.1:{port}/"));

    /// <summary>Speaks to it over a unix socket, as our server does with its own.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>Where it listens for everybody else.</summary>
    public Uri Address { get; }

    public static async Task<RawWorkerd> Start(Arena arena, string binary, string agent)
    {
        var folder = arena.Directory.CreateSubdirectory("raw-workerd").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "raw.capnp"), Config, arena.Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "front.js"), Front.Replace("AGENT", agent, StringComparison.Ordinal), arena.Stop);
        var socket = Path.Combine(folder, "run.sock");
        // One that ran before in the same arena left it.
        File.Delete(socket);
        var log = Path.Combine(folder, "log");
        var port = Arena.FreePort();
        var process = ChildProcess.Start(log, binary, ["serve", "--experimental", Path.Combine(folder, "raw.capnp"),
            "--socket-addr", $"run=unix:{socket}", "--socket-addr", $"port=127.0.0.1:{port}"]);
        // The socket's file is there a moment before anybody listens at it.
        for (var i = 0; !await Listens(socket, arena.Stop); i++)
        {
            process.ThrowIfGone();
            if (i > 400)
            {
                throw new BenchException("workerd does not listen");
            }

            await Task.Delay(25, arena.Stop);
        }

        return new RawWorkerd(process, new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) => new NetworkStream(await Connect(socket, stop), ownsSocket: true),
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        }), port);
    }

    private static async Task<bool> Listens(string socket, CancellationToken stop)
    {
        try
        {
            using var connection = await Connect(socket, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<Socket> Connect(string socket, CancellationToken stop)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), stop);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return process.DisposeAsync();
    }
}
