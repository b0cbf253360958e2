using Remix.Bench.Load;

namespace Remix.Bench.Benches;

/// <summary>The public feed, beside nginx with the same bytes in a file.</summary>
internal sealed class FeedBench : IBench
{
    public string Name => "feed";
    public string Says => "GET /creations/feed, beside nginx serving the same bytes";

    public async Task Run(Arena arena, Report report)
    {
        var server = await arena.Server();
        var nginx = await arena.Nginx();
        await (await arena.World()).Publish(arena.Stop);
        var address = new Uri(server.Address, "/creations/feed");
        using var http = new HttpClient();
        var bytes = await http.GetByteArrayAsync(address, arena.Stop);
        var reference = nginx.Publish("feed", bytes, "application/json");
        var wrk = new Wrk(arena);
        await wrk.Get(address, seconds: 1);
        var (ours, theirs) = await Rounds.Alternate(
            async () => (await wrk.Get(address)).PerSecond,
            async () => (await wrk.Get(reference)).PerSecond);
        report.Ratio($"feed, {bytes.Length / 1024.0:0} KB", ours, theirs, "/s", 0.7);
    }
}
