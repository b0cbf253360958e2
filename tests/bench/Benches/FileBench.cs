using System.Globalization;
using Remix.Bench.Load;

namespace Remix.Bench.Benches;

/// <summary>A published creation's files on its own host, beside nginx.</summary>
internal sealed class FileBench : IBench
{
    public string Name => "files";
    public string Says => "published files of 1 KB and 100 KB, beside nginx";

    public async Task Run(Arena arena, Report report)
    {
        var world = await arena.World();
        await world.Publish(arena.Stop);
        await Measure(arena, report, world, "small.json", "published file, 1 KB");
        await Measure(arena, report, world, "large.json", "published file, 100 KB");
    }

    private static async Task Measure(Arena arena, Report report, World world, string file, string name)
    {
        var server = await arena.Server();
        var nginx = await arena.Nginx();
        var host = string.Create(CultureInfo.InvariantCulture, $"art-{world.CreationId}.localhost:{server.Port}");
        var address = new Uri(server.Address, $"/{file}");
        var bytes = await Fetch(address, host, arena.Stop);
        if (!bytes.AsSpan().SequenceEqual(World.Json(bytes.Length)))
        {
            throw new BenchException($"{host}/{file} is not what was published");
        }

        var reference = nginx.Publish(file, bytes, "application/json");
        var wrk = new Wrk(arena);
        await wrk.Get(address, host, seconds: 1);
        var (ours, theirs) = await Rounds.Alternate(
            async () => (await wrk.Get(address, host)).PerSecond,
            async () => (await wrk.Get(reference)).PerSecond);
        report.Ratio(name, ours, theirs, "/s", 0.8);
    }

    private static async Task<byte[]> Fetch(Uri address, string host, CancellationToken stop)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Host = host;
        using var response = await http.SendAsync(request, stop);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(stop);
    }
}
