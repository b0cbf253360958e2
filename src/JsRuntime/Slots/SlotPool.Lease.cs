using System.Diagnostics;

namespace Remix.JsRuntime.Slots;

/// <content>What the pool knows of each process, and what it lends.</content>
internal sealed partial class SlotPool
{
    internal sealed class Entry(string tenant, long generation)
    {
        public long Generation { get; } = generation;

        /// <summary>The one that it takes the place of, until it has started.</summary>
        public Entry? Before { get; set; }

        public string Tenant { get; } = tenant;
        public Task<Slot> Starting { get; set; } = null!;
        public int Calls { get; set; }
        public long CallsEnded { get; set; }
        public long LastUsed { get; set; } = Stopwatch.GetTimestamp();
        public bool IsLeaving { get; set; }
        public bool IsSlow { get; set; }
        public bool IsLast { get; set; }
        public ProcessorUse Processor { get; } = new();
        private (long Since, long At, double Seconds) rest;

        /// <summary>
        /// Of a processor, since its last call ended and within half a minute, as far as it was asked. What it got of it, and not
        /// how much of it: on a full machine the two are far apart.
        /// </summary>
        public double SecondsAtRest()
        {
            var seconds = Starting.Result.ProcessorSeconds();
            if (rest.Since != LastUsed || Stopwatch.GetElapsedTime(rest.At) > TimeSpan.FromSeconds(30))
            {
                rest = (LastUsed, Stopwatch.GetTimestamp(), seconds);
            }

            return seconds - rest.Seconds;
        }

        public HashSet<string> CodeKeys { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>The use of a slot for one call.</summary>
    public readonly struct Lease(SlotPool pool, Entry entry, Slot slot) : IDisposable
    {
        public Slot Slot => slot;

        /// <summary>Notes that the slot loads code; one that has loaded much is replaced by the next call.</summary>
        public void Loads(string codeKey) => pool.NoteCode(entry, codeKey);

        /// <summary>Lets the next call have a new one.</summary>
        public void Replace() => pool.Drop(entry);

        /// <summary>Ends the slot, whatever else it does.</summary>
        public void Kill(string verdict)
        {
            pool.Drop(entry);
            slot.Kill(verdict);
        }

        public void Dispose() => pool.Return(entry);
    }
}
