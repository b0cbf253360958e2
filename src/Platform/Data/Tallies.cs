namespace Remix.Platform.Data;

/// <summary>Additions to counters, gathered until the transaction ends. Those of a turn that fails are dropped with it.</summary>
internal sealed class Tallies
{
    private readonly SortedDictionary<(string Sql, string Row), long> kept = new(Comparer<(string Sql, string Row)>.Create(static (a, b) =>
        string.CompareOrdinal(a.Sql, b.Sql) is var bySql and not 0 ? bySql : string.CompareOrdinal(a.Row, b.Row)));

    private readonly List<(string Sql, string Row, long Amount)> fresh = [];

    public void Add(string sql, string row, long amount) => fresh.Add((sql, row, amount));

    public void Keep()
    {
        foreach (var (sql, row, amount) in fresh)
        {
            kept[(sql, row)] = kept.GetValueOrDefault((sql, row)) + amount;
        }

        fresh.Clear();
    }

    public void Drop() => fresh.Clear();

    public void Forget()
    {
        fresh.Clear();
        kept.Clear();
    }

    /// <summary>What is to be added, always in the same order, so that two transactions do not wait for each other.</summary>
    public List<(string Sql, string Row, long Amount)> Take()
    {
        Keep();
        var all = kept.Select(tally => (tally.Key.Sql, tally.Key.Row, tally.Value)).ToList();
        kept.Clear();
        return all;
    }
}
