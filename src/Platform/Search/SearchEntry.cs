namespace Remix.Platform.Search;

/// <summary>Something that can be found.</summary>
/// <param name="Key">What finds it again where it is kept.</param>
/// <param name="Rank">The higher, the earlier it is shown. Two never share one: the second gets the next.</param>
/// <param name="Words">As <see cref="SearchWords"/> makes them.</param>
/// <param name="Facets">What it can be filtered by, such as <c>room:alice/lab</c>.</param>
public sealed record SearchEntry(string Key, long Rank, IReadOnlyCollection<string> Words, IReadOnlyCollection<string> Facets);

/// <summary>What is to change in an index at once.</summary>
public sealed record SearchBatch(IReadOnlyList<SearchEntry> Entries, IReadOnlyList<string> Gone)
{
    /// <summary>Up to which id of the log this index has everything; not given when the batch does not come from the log.</summary>
    public long? Position { get; init; }

    /// <summary>Named notes that change with it, such as how far a rebuild has come.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>What is looked for: of each group one word at least, and all facets.</summary>
public sealed record SearchQuestion(IReadOnlyList<IReadOnlyList<string>> Groups, IReadOnlyList<string> Facets, int Limit, int Offset);

/// <param name="Total">How many there are, counted up to <see cref="SearchIndex.CountMax"/>.</param>
public sealed record SearchHits(IReadOnlyList<string> Keys, long Total);
