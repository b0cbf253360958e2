using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Remix.Bench.Servers;

namespace Remix.Bench;

/// <summary>
/// Where the measuring takes place: a temporary directory, our server with people in it, an nginx. Each is made when first
/// asked for, and gone at the end, whatever the end is.
/// </summary>
internal sealed class Arena(CancellationToken stop) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> opened = [];
    private OurServer? server;
    private World? world;
    private Nginx? nginx;

    public CancellationToken Stop { get; } = stop;

    public DirectoryInfo Directory { get; } = MakeDirectory();

    /// <summary>What an fsync costs here, which bounds every durable write.</summary>
    public string Disk => field ??= MeasureDisk();

    public async Task<OurServer> Server() => server ??= Keep(await OurServer.Start(this, Directory.CreateSubdirectory("server")));

    public async Task<World> World() => world ??= await Bench.World.Make(await Server(), Stop);

    public async Task<Nginx> Nginx() => nginx ??= Keep(await Servers.Nginx.Start(this));

    public T Keep<T>(T opening)
        where T : IAsyncDisposable
    {
        opened.Add(opening);
        return opening;
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var open in Enumerable.Reverse(opened))
        {
            await open.DisposeAsync();
        }

        Directory.Delete(recursive: true);
    }

    /// <summary>nginx drops its privileges and must still be able to read what is in here.</summary>
    private static DirectoryInfo MakeDirectory()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("remix-bench-");
        if (!OperatingSystem.IsWindows())
        {
            directory.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        }

        return directory;
    }

    private string MeasureDisk()
    {
        var block = new byte[4096];
        var times = new List<double>();
        using var file = File.OpenHandle(Path.Combine(Directory.FullName, "fsync"), FileMode.Create, FileAccess.Write);
        for (var i = 0; i < 200; i++)
        {
            var started = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, block, i * block.Length);
            RandomAccess.FlushToDisk(file);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"fsync of 4 KB: {Rounds.Median(times):0.00} ms median, {Rounds.Percentile(times, 99):0.00} ms p99");
    }
}
