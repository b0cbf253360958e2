using Microsoft.Extensions.Hosting;

namespace Remix.Platform.Footprint;

/// <summary>
/// Gives memory back to the system when work is followed by a rest: after the start, after many have connected. The
/// collector by itself only runs when something is allocated, so that a server at rest would keep what its work needed.
/// </summary>
internal sealed class MemoryReturn(TimeProvider clock) : BackgroundService
{
    /// <summary>What is allocated in a second in which nothing much happens.</summary>
    private const long RestBytes = 512 * 1024;

    /// <summary>Less work than this leaves nothing behind that is worth the pause.</summary>
    private const long WorkBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(Look, clock);
        var (before, returned) = (0L, 0L);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            var now = GC.GetTotalAllocatedBytes();

            // The pause grows with the heap, and so does the work after which it comes.
            if (now - before < RestBytes && now - returned > Math.Max(WorkBytes, GC.GetTotalMemory(forceFullCollection: false)))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                MappedAssemblies.LetGo();
                returned = now;
            }

            before = now;
        }
    }
}
