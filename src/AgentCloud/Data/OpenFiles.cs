using Remix.Platform.Data;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Data;

/// <summary>
/// The files that are open, each with who uses it. A new one takes the place of the one that nobody has used for the
/// longest time; when all are in use, it waits.
/// </summary>
internal sealed class OpenFiles(Func<string, Task<Database>> open, int openMax, TimeSpan waitMax, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>How many removed workspaces are remembered, so that a late request does not make a file again.</summary>
    private const int GoneMax = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, OpenFile> files = new(StringComparer.Ordinal);
    private readonly Queue<TaskCompletionSource> waiting = new();
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly Queue<string> goneOrder = new();

    public int Count
    {
        get
        {
            lock (gate)
            {
                return files.Count;
            }
        }
    }

    /// <summary>The file, to be released after use.</summary>
    public async Task<OpenFile> Take(string id)
    {
        while (true)
        {
            OpenFile? evicted = null;
            OpenFile? taken = null;
            TaskCompletionSource? turn = null;
            lock (gate)
            {
                if (gone.Contains(id))
                {
                    throw Fault.NotFound("Workspace");
                }

                if (files.TryGetValue(id, out taken) || (files.Count < openMax || TryEvict(out evicted)) && Add(id, out taken))
                {
                    taken.Users++;
                }
                else
                {
                    waiting.Enqueue(turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                }
            }

            await (evicted?.Close() ?? ValueTask.CompletedTask);
            if (taken is not null)
            {
                return taken;
            }

            await Wait(turn!);
        }
    }

    public void Release(OpenFile file)
    {
        TaskCompletionSource? next = null;
        lock (gate)
        {
            file.UsedAt = clock.GetTimestamp();
            if (--file.Users > 0)
            {
                return;
            }

            file.Unused?.TrySetResult();
            if (file.HasFailed && files.GetValueOrDefault(file.Id) == file)
            {
                files.Remove(file.Id);
            }

            // One that has given up meanwhile would let the others wait for nothing.
            while (waiting.TryDequeue(out next) && next.Task.IsCompleted)
            {
            }
        }

        next?.TrySetResult();
    }

    /// <summary>Closes for good: waits until nobody uses it, and nobody can take it again.</summary>
    public async Task Close(string id)
    {
        OpenFile? file;
        lock (gate)
        {
            Remember(id);
            if (files.Remove(id, out file) && file.Users > 0)
            {
                file.Unused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        await (file?.Unused?.Task ?? Task.CompletedTask);
        await (file?.Close() ?? ValueTask.CompletedTask);
    }

    public void CloseIdle(TimeSpan idleMax)
    {
        List<OpenFile> idle;
        lock (gate)
        {
            idle = [.. files.Values.Where(file => file.Users == 0 && clock.GetElapsedTime(file.UsedAt) >= idleMax)];
            idle.ForEach(file => files.Remove(file.Id));
        }

        foreach (var file in idle)
        {
            _ = Task.Run(async () => await file.Close());
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<OpenFile> all;
        lock (gate)
        {
            all = [.. files.Values];
            files.Clear();
        }

        foreach (var file in all)
        {
            await file.Close();
        }
    }

    private async Task Wait(TaskCompletionSource turn)
    {
        try
        {
            await turn.Task.WaitAsync(waitMax);
        }
        catch (TimeoutException)
        {
            if (turn.TrySetCanceled())
            {
                throw Fault.Overloaded();
            }
        }
    }

    private bool TryEvict(out OpenFile? evicted)
    {
        evicted = files.Values.Where(file => file.Users == 0).MinBy(file => file.UsedAt);
        return evicted is not null && files.Remove(evicted.Id);
    }

    private bool Add(string id, out OpenFile added)
    {
        files.Add(id, added = new OpenFile(id, () => open(id)) { UsedAt = clock.GetTimestamp() });
        return true;
    }

    private void Remember(string id)
    {
        if (gone.Add(id))
        {
            goneOrder.Enqueue(id);
        }

        if (goneOrder.Count > GoneMax)
        {
            gone.Remove(goneOrder.Dequeue());
        }
    }
}

/// <summary>One file and who uses it; guarded by the lock of <see cref="OpenFiles"/>.</summary>
internal sealed class OpenFile(string id, Func<Task<Database>> open)
{
    private readonly Lazy<Task<Database>> opening = new(() => Task.Run(open));

    public string Id { get; } = id;

    public int Users { get; set; }

    public long UsedAt { get; set; }

    public TaskCompletionSource? Unused { get; set; }

    public Task<Database> Database => opening.Value;

    /// <summary>It could not be opened, so that the next one must try again.</summary>
    public bool HasFailed => opening is { IsValueCreated: true, Value.IsFaulted: true };

    public async ValueTask Close()
    {
        if (opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await opening.Value).DisposeAsync();
        }
    }
}
