namespace Remix.Platform.Limits;

/// <summary>How fast one of many may go: so much at once, and after that so much a second. What goes beyond is waited for.</summary>
public sealed class Pace(double burst, double perSecond, TimeProvider clock)
{
    private readonly Lock gate = new();
    private double level;
    private long at = clock.GetTimestamp();

    /// <summary>Whether all that was taken lies so far back that it counts no longer.</summary>
    public bool IsFresh
    {
        get
        {
            lock (gate)
            {
                return clock.GetElapsedTime(at).TotalSeconds * perSecond >= level;
            }
        }
    }

    /// <summary>Takes so much, whatever is left, and returns how long until all that was taken is within the pace.</summary>
    public TimeSpan Take(double amount)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            level = Math.Max(0, level - (clock.GetElapsedTime(at, now).TotalSeconds * perSecond)) + amount;
            at = now;
            return TimeSpan.FromSeconds(Math.Max(0, level - burst) / perSecond);
        }
    }
}
