using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Wakeups = Remix.Platform.Events.Signals;

namespace Remix.AgentCloud.Topics;

/// <summary>
/// Who listens to which topic on this node. One reader for each topic hands every message to all of its listeners; each has a
/// queue of its own, and who does not keep up is let go.
/// </summary>
internal sealed class TopicHub
{
    /// <summary>How many messages may wait for one listener.</summary>
    public const int QueueMax = 256;

    /// <summary>How many listeners a node has.</summary>
    public const int ListenersMax = 10_000;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Topic> topics = new(StringComparer.Ordinal);
    private readonly TopicStore store;
    private readonly ILogger<TopicHub> log;
    private int listeners;

    public TopicHub(TopicStore store, Wakeups wakeups, TimeProvider clock, ILogger<TopicHub> log)
    {
        (this.store, this.log) = (store, log);
        wakeups.Listen(TopicStore.Spoken, Wake);
        Timer = clock.CreateTimer(_ => Wake(Wakeups.Everything), null, LookAgain, LookAgain);
    }

    public int Listeners => Volatile.Read(ref listeners);

    /// <summary>A wake-up call from another node may be lost.</summary>
    private ITimer Timer { get; }

    /// <summary>Begins to listen: what was set to stay comes first, then everything that is said from now on.</summary>
    public async Task<Listening> Join(string key)
    {
        Interlocked.Increment(ref listeners);
        var listening = new Listening(this, key);
        try
        {
            while (true)
            {
                var topic = topics.GetOrAdd(key, _ => new Topic(key));
                await topic.Gate.WaitAsync();
                try
                {
                    if (topics.GetValueOrDefault(key) == topic)
                    {
                        await Enter(topic, listening);
                        return listening;
                    }
                }
                finally
                {
                    topic.Gate.Release();
                }
            }
        }
        catch
        {
            listening.Dispose();
            throw;
        }
    }

    private async Task Enter(Topic topic, Listening listening)
    {
        var place = await store.Place(topic.Key);
        if (topic.Ears.IsEmpty)
        {
            topic.Seq = place.LastSeq;
        }

        // What is newer than where the reader stands comes by itself.
        if (place.Retained is { } retained && retained.Seq <= topic.Seq)
        {
            listening.Hear(retained.Payload);
        }

        topic.Ears[listening] = true;
    }

    private void Leave(Listening listening)
    {
        Interlocked.Decrement(ref listeners);
        if (topics.TryGetValue(listening.Key, out var topic))
        {
            topic.Ears.TryRemove(listening, out _);
            _ = Close(topic);
        }
    }

    private async Task Close(Topic topic)
    {
        await topic.Gate.WaitAsync();
        try
        {
            if (topic.Ears.IsEmpty)
            {
                topics.TryRemove(new KeyValuePair<string, Topic>(topic.Key, topic));
            }
        }
        finally
        {
            topic.Gate.Release();
        }
    }

    private void Wake(string key)
    {
        if (key != Wakeups.Everything)
        {
            if (topics.TryGetValue(key, out var topic))
            {
                _ = Read(topic);
            }

            return;
        }

        foreach (var topic in topics.Values)
        {
            _ = Read(topic);
        }
    }

    private async Task Read(Topic topic)
    {
        // One look is enough for all calls that came before it.
        if (Interlocked.Exchange(ref topic.Called, 1) == 1)
        {
            return;
        }

        await topic.Gate.WaitAsync();
        try
        {
            Volatile.Write(ref topic.Called, 0);
            while (await HandOut(topic) == TopicStore.KeptMax)
            {
            }
        }
        catch (Exception e) when (DatabaseKind.IsUnavailable(e))
        {
            log.LogWarning(e, "Topic {Topic} cannot be read; trying again", topic.Key);
        }
        finally
        {
            topic.Gate.Release();
        }
    }

    private async Task<int> HandOut(Topic topic)
    {
        var messages = await store.After(topic.Key, topic.Seq);
        if (messages.Count > 0 && messages[0].Seq != topic.Seq + 1)
        {
            // This node fell behind what is kept: its listeners come back and begin anew.
            foreach (var ear in topic.Ears.Keys)
            {
                ear.LetGo();
            }
        }

        foreach (var message in messages)
        {
            foreach (var ear in topic.Ears.Keys)
            {
                ear.Hear(message.Payload);
            }

            topic.Seq = message.Seq;
        }

        return messages.Count;
    }

    /// <summary>One who listens.</summary>
    public sealed class Listening(TopicHub hub, string key) : IDisposable
    {
        private readonly Channel<string> queue = Channel.CreateBounded<string>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
        private int gone;

        public string Key => key;

        /// <summary>JSON, one message each; ends when the listener did not keep up.</summary>
        public ChannelReader<string> Messages => queue.Reader;

        internal void Hear(string payload)
        {
            if (!queue.Writer.TryWrite(payload))
            {
                LetGo();
            }
        }

        internal void LetGo() => queue.Writer.TryComplete();

        public void Dispose()
        {
            if (Interlocked.Exchange(ref gone, 1) == 0)
            {
                hub.Leave(this);
            }
        }
    }

    private sealed class Topic(string key)
    {
        public readonly SemaphoreSlim Gate = new(1, 1);
        public int Called;

        public string Key => key;

        public ConcurrentDictionary<Listening, bool> Ears { get; } = new();

        public long Seq { get; set; }
    }
}
