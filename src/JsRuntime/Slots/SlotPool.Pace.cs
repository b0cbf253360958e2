using Remix.Platform.Limits;

namespace Remix.JsRuntime.Slots;

/// <content>Who is answered by the megabyte waits for the next turn while others are at work: to pass it on costs all of them.</content>
internal sealed partial class SlotPool
{
    private const double AnswerBytesBurst = 4 * 1024 * 1024, AnswerBytesPerSecond = 8 * 1024 * 1024;

    private readonly Dictionary<string, Pace> paces = new(StringComparer.Ordinal);

    /// <summary>How long the next call of a tenant is waited with.</summary>
    public TimeSpan Turn(string tenant) => Owed(tenant, 0);

    /// <summary>Notes how long an answer to a call of that tenant is.</summary>
    public void Charge(string tenant, long bytes) => Owed(tenant, bytes);

    private TimeSpan Owed(string tenant, long bytes)
    {
        if (!isCrowded)
        {
            return TimeSpan.Zero;
        }

        lock (gate)
        {
            if (!paces.TryGetValue(tenant, out var pace))
            {
                paces[tenant] = pace = new Pace(AnswerBytesBurst, AnswerBytesPerSecond, TimeProvider.System);
            }

            return pace.Take(bytes);
        }
    }

    /// <summary>Of those who have no process any more. Holds the gate.</summary>
    private void ForgetPaces()
    {
        foreach (var tenant in paces.Keys.Where(tenant => !entries.ContainsKey(tenant) && paces[tenant].IsFresh).ToList())
        {
            paces.Remove(tenant);
        }
    }
}
