namespace Remix.JsRuntime.Slots;

/// <content>How one process takes the place of another.</content>
internal sealed partial class SlotPool
{
    /// <summary>It has started: what it takes the place of gets no calls any more, and ends when those under way have.</summary>
    private Slot? Replaces(Entry entry)
    {
        lock (gate)
        {
            if (entry.Before is not { } before)
            {
                return null;
            }

            entry.Before = null;
            Leave(before);
            EndIfIdle(before);
            return before.Starting.IsCompletedSuccessfully ? before.Starting.Result : null;
        }
    }

    /// <summary>Waits for the end of one that was replaced; what is under way in it has so long, and no longer.</summary>
    private async Task End(Slot before)
    {
        if (await Task.WhenAny(before.Gone, Task.Delay(policy.StopPatience)) != before.Gone)
        {
            before.Kill("what took its place needs what it kept");
            await before.Gone;
        }
    }

    /// <summary>The new one does not start: the old one goes on, unless a newer takes the place of both. Holds the gate.</summary>
    private void GoOn(Entry entry, Entry before)
    {
        entry.Before = null;
        if (entries.TryAdd(entry.Tenant, before))
        {
            return;
        }

        if (all.FirstOrDefault(other => other.Before == entry) is { } newer)
        {
            newer.Before = before;
        }
        else
        {
            Leave(before);
            EndIfIdle(before);
        }
    }
}
