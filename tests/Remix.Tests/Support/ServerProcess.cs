using System.Diagnostics;

namespace Remix.Tests.Support;

/// <summary>The built server in a process of its own, which can be killed as a power cut would.</summary>
internal sealed class ServerProcess : IServerAddress, IAsyncDisposable
{
    private static readonly string ServerAssembly = typeof(Remix.Server.RemixModules).Assembly.Location;

    private readonly List<string> output = [];
    private readonly TestDatabase database;
    private readonly string[] args;
    private Process? process;

    private ServerProcess(TestDatabase database, string[] args)
    {
        (this.database, this.args) = (database, args);
        (Port, Cloud) = (Ports.Free(), new CloudSide(this, Ports.Free()));
    }

    public int Port { get; }

    /// <summary>The agent cloud's port.</summary>
    public IServerAddress Cloud { get; }

    public string BaseUrl => $"http://localhost:{Port}";

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>The data directory.</summary>
    public string Folder => database.Folder;

    public Actor Nobody => new(this, "nobody", null);

    public static async Task<ServerProcess> Start(params string[] args)
    {
        var server = new ServerProcess(await TestDatabase.Create(), args);
        await server.Run();
        return server;
    }

    /// <summary>Starts a server that will not stay: its exit code, and what it said.</summary>
    public static async Task<(int Code, string Said)> Try(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [ServerAssembly, .. args]) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment.Remove("REMIX_DATABASE");
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    public IReadOnlyList<string> TakeErrors()
    {
        lock (output)
        {
            return [.. output];
        }
    }

    /// <summary>kill -9: nothing is finished, flushed or said.</summary>
    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> Terminate()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process!.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async Task Run()
    {
        var start = new ProcessStartInfo("dotnet",
            [ServerAssembly, "--port", $"{Port}", "--data", Folder, "--no-welcome", .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["REMIX_CLOUD_PORT"] = $"{((CloudSide)Cloud).Port}",
                ["REMIX_LOG_LEVEL"] = "warning",
                ["RATE_LIMIT_MESSAGES"] = "1000000",
                ["RATE_LIMIT_REGISTER"] = "1000000",
                ["REMIX_RATE_LIMIT_FACTOR"] = "100000",
                ["REMIX_ALLOW_PRIVATE_HOSTS"] = "127.0.0.1",
                ["DOTNET_TieredPGO"] = "0",
            },
        };
        start.Environment.Remove("REMIX_DATABASE");
        if (database.Connection is { } connection)
        {
            start.Environment["REMIX_DATABASE"] = connection;
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Ready();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await Kill();
        }

        Http.Dispose();
        await database.DisposeAsync();
    }

    private sealed class CloudSide(ServerProcess server, int port) : IServerAddress
    {
        public int Port => port;

        public string BaseUrl => $"http://localhost:{port}";

        public HttpClient Http => server.Http;

        public IReadOnlyList<string> TakeErrors() => server.TakeErrors();
    }

    private async Task Ready()
    {
        for (var i = 0; i < 400; i++)
        {
            Assert.False(process!.HasExited, "The server ended: " + string.Join('\n', TakeErrors()));
            try
            {
                if ((await Http.GetAsync(new Uri(BaseUrl + "/ready"))).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }

            await Task.Delay(50);
        }

        Assert.Fail("The server is not ready: " + string.Join('\n', TakeErrors()));
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            if (line is not null)
            {
                output.Add(line);
            }
        }
    }
}
