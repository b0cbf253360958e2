using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Remix.Platform.Text;

namespace Remix.Platform.Data;

/// <summary>
/// What was read a moment ago, kept for under a second: so what another node changes shows within one, whatever becomes of
/// its wake-up call. What nobody asks for any more is let go with the generation it was kept in, and takes no memory.
/// </summary>
public sealed class BriefCache<TKey, TValue>(TimeProvider clock, IEqualityComparer<TKey>? comparer = null) where TKey : notnull
{
    public const long KeptMs = 800;

    /// <summary>Of one generation; more than are asked for in a second is no reason to hold more.</summary>
    private const int CountMax = 50_000;

    private readonly Lock turning = new();
    private ConcurrentDictionary<TKey, Entry> young = new(comparer), old = new(comparer);
    private long turnsAt;
    private long version;
    private int count;

    /// <summary>Changes with each <see cref="Forget()"/>: read it before what is to be kept.</summary>
    public long Version => Volatile.Read(ref version);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = (Volatile.Read(ref young).TryGetValue(key, out var entry) || Volatile.Read(ref old).TryGetValue(key, out entry))
            && entry.Until > clock.NowMs();
        value = found ? entry.Value : default;
        return found;
    }

    /// <summary>Whether it was kept and not forgotten, be it still good or not.</summary>
    public bool Holds(TKey key) => Volatile.Read(ref young).ContainsKey(key) || Volatile.Read(ref old).ContainsKey(key);

    /// <summary>Keeps what was read; unless something was forgotten since that version, and it may be from before.</summary>
    public void Keep(TKey key, TValue value, long readAt)
    {
        if (readAt != Version)
        {
            return;
        }

        var now = clock.NowMs();
        if (now >= Volatile.Read(ref turnsAt) || Volatile.Read(ref count) >= CountMax)
        {
            Turn(now);
        }

        Volatile.Read(ref young)[key] = new Entry(value, now + KeptMs);
        Interlocked.Increment(ref count);
        if (readAt != Version)
        {
            Remove(key);
        }
    }

    public void Forget()
    {
        Interlocked.Increment(ref version);
        Volatile.Read(ref young).Clear();
        Volatile.Read(ref old).Clear();
    }

    public void Forget(Func<TKey, bool> which)
    {
        Interlocked.Increment(ref version);
        foreach (var (key, _) in Volatile.Read(ref young).Concat(Volatile.Read(ref old)))
        {
            if (which(key))
            {
                Remove(key);
            }
        }
    }

    private void Remove(TKey key)
    {
        Volatile.Read(ref young).TryRemove(key, out _);
        Volatile.Read(ref old).TryRemove(key, out _);
    }

    private void Turn(long now)
    {
        lock (turning)
        {
            if (now >= turnsAt || count >= CountMax)
            {
                Volatile.Write(ref old, young);
                Volatile.Write(ref young, new ConcurrentDictionary<TKey, Entry>(comparer));
                Volatile.Write(ref count, 0);
                Volatile.Write(ref turnsAt, now + KeptMs);
            }
        }
    }

    private readonly record struct Entry(TValue Value, long Until);
}
