using System.Security.Cryptography;
using System.Text;
using Remix.Platform.Data;

namespace Remix.Platform.Search;

/// <summary>How one kind of database keeps and finds words.</summary>
internal abstract class SearchDialect
{
    public abstract string ForUpdate { get; }

    public abstract ValueTask Write(SqlSession session, SearchBatch batch);

    public abstract ValueTask<SearchHits> Find(SqlSession session, SearchQuestion question);

    public abstract ValueTask Learn(SqlSession session, string kind, IReadOnlyDictionary<string, int> words);

    /// <summary>Empties what is not emptied with its table.</summary>
    public virtual ValueTask<int> Forget(SqlSession session) => ValueTask.FromResult(0);

    /// <summary>A facet as a word that no text contains: it starts with a character of nobody's.</summary>
    protected static string Facet(string facet) =>
        "\uE000" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facet)).AsSpan(0, 8));

    protected static IEnumerable<string> Tokens(SearchEntry entry) => entry.Words.Concat(entry.Facets.Select(Facet));
}
