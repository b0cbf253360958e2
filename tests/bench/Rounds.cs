namespace Remix.Bench;

/// <summary>Medians of alternating rounds: what disturbs the machine disturbs both sides.</summary>
internal static class Rounds
{
    public const int Count = 3;

    public static async Task<(double Ours, double Reference)> Alternate(Func<Task<double>> ours, Func<Task<double>> reference)
    {
        var us = new List<double>();
        var them = new List<double>();
        for (var round = 0; round < Count; round++)
        {
            us.Add(await ours());
            them.Add(await reference());
        }

        return (Median(us), Median(them));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public static double Percentile(IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * percent / 100))];
    }
}
