namespace Remix.Creations.Scan.Images;

/// <summary>
/// Counts how many elements a drawing comes to when every reference is followed: ten symbols that each use the one
/// before ten times are a bomb of a few lines. Gradients and filters are not counted, since they draw no elements.
/// </summary>
internal sealed class SvgReferences
{
    private readonly List<Element> elements = [];
    private readonly Dictionary<string, int> byId = new(StringComparer.Ordinal);
    private int current = -1;
    private int depth;

    /// <summary>The limit that the elements seen so far go beyond, null when they keep to them.</summary>
    public string? LimitReached =>
        elements.Count > ScanLimits.SvgElementsMax ? $"more than {ScanLimits.SvgElementsMax} elements"
        : depth > ScanLimits.SvgDepthMax ? $"elements nested more than {ScanLimits.SvgDepthMax} deep" : null;

    public void Enter(string name, string? id)
    {
        var isPaint = name is "linearGradient" or "radialGradient" or "filter";
        elements.Add(new Element(current, isPaint));
        current = elements.Count - 1;
        depth++;
        if (id is not null) byId.TryAdd(id, current);
    }

    public void Refer(string id)
    {
        if (current >= 0) elements[current].Targets.Add(id);
    }

    public void Leave()
    {
        depth--;
        current = elements[current].Parent;
    }

    /// <summary>Why the references are refused, null when they are fine.</summary>
    public string? Refusal()
    {
        // A parent precedes its children, so going backwards sums every subtree and gathers its references.
        for (var i = elements.Count - 1; i > 0; i--)
        {
            var (child, parent) = (elements[i], elements[elements[i].Parent < 0 ? 0 : elements[i].Parent]);
            parent.Size += child.Size;
            if (child.HasTargets) parent.WithTargets.Add(i);
            parent.HasTargets |= child.HasTargets;
        }
        if (elements.Count == 0) return null;
        return Drawn(0, 0) switch
        {
            > ScanLimits.SvgDrawnMax =>
                $"draws more than {ScanLimits.SvgDrawnMax} elements once its references are followed",
            < 0 => $"has references that nest more than {ScanLimits.SvgReferenceDepthMax} deep, or lead back to "
                + "themselves",
            _ => null,
        };
    }

    /// <summary>
    /// Elements drawn for a subtree; negative when references nest too deep. Each subtree is counted once.
    /// </summary>
    private long Drawn(int index, int hops)
    {
        var element = elements[index];
        if (!element.HasTargets) return element.Size;
        if (hops > ScanLimits.SvgReferenceDepthMax || element.IsOpen) return -1;
        if (element.Drawn is { } known) return known;

        element.IsOpen = true;
        long drawn = element.Size;
        foreach (var child in element.WithTargets)
        {
            var inside = Drawn(child, hops);
            drawn = Add(drawn, inside - elements[child].Size, inside);
        }
        foreach (var target in element.Targets)
        {
            if (!byId.TryGetValue(target, out var referred) || elements[referred].IsPaint) continue;
            var size = Drawn(referred, hops + 1);
            drawn = Add(drawn, size, size);
        }
        element.IsOpen = false;
        element.Drawn = drawn;
        return drawn;
    }

    private static long Add(long sum, long more, long counted) =>
        sum < 0 || counted < 0 ? -1 : Math.Min(sum + more, ScanLimits.SvgDrawnMax + 1);

    private sealed class Element(int parent, bool isPaint)
    {
        public int Parent => parent;

        public bool IsPaint => isPaint;

        /// <summary>Ids this element itself refers to.</summary>
        public List<string> Targets { get; } = [];

        /// <summary>Children that hold references somewhere inside.</summary>
        public List<int> WithTargets { get; } = [];

        public long Size { get; set; } = 1;

        public bool HasTargets { get => field || Targets.Count > 0; set; }

        public bool IsOpen { get; set; }

        public long? Drawn { get; set; }
    }
}
