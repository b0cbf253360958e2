using Remix.Platform.Data;

namespace Remix.Platform.Search;

/// <summary>The words that occur, by which a slip of the finger is understood.</summary>
internal static class Vocabulary
{
    private const int CandidatesMax = 200;
    private const int MeantMax = 5;

    /// <summary>A word that is used so often is meant as it is written.</summary>
    private const long UsualUses = 20;

    public static async ValueTask<IReadOnlyList<string>> Meant(SqlSession session, string kind, string word)
    {
        if (await session.Scalar<long?>("select uses from search_terms where kind = $1 and term = $2", kind, word) >= UsualUses)
        {
            return [word];
        }

        var begun = await Begun(session, kind, word);
        if (!Spelling.HasSpelling(word))
        {
            return [.. begun.Prepend(word).Distinct(StringComparer.Ordinal)];
        }

        var near = (await Sharing(session, kind, word))
            .Select(term => (term.Term, term.Uses, Distance: Spelling.Distance(word, term.Term)))
            .Where(term => term.Distance <= Spelling.SlipsMax(word.Length)).ToList();
        var nearest = near.Where(term => term.Distance == near.Min(other => other.Distance));
        return [.. nearest.OrderByDescending(term => term.Uses).Select(term => term.Term).Take(MeantMax)
            .Concat(begun).Prepend(word).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Words that begin with this one.</summary>
    private static async ValueTask<List<string>> Begun(SqlSession session, string kind, string word) => word.Length < Spelling.LengthMin ? []
        : await session.Query(
            $"select term from search_terms where kind = $1 and term > $2 and term < $3 order by uses desc, term limit {MeantMax}",
            row => row.GetString(0), kind, word, word + "\uFFFD");

    /// <summary>Words of about the same length that share the most groups of letters.</summary>
    private static async ValueTask<List<(string Term, long Uses)>> Sharing(SqlSession session, string kind, string word)
    {
        var slips = Spelling.SlipsMax(word.Length);
        var grams = Spelling.Grams(word).Distinct(StringComparer.Ordinal).ToArray();
        var places = string.Join(", ", grams.Select((_, i) => $"${i + 4}"));
        return await session.Query($"""
            select t.term, t.uses from (
                select term from search_grams where kind = $1 and length between $2 and $3 and gram in ({places})
                group by term order by count(*) desc, term limit {CandidatesMax}) g
            join search_terms t on t.kind = $1 and t.term = g.term
            """, row => (row.GetString(0), row.GetInt64(1)), [kind, word.Length - slips, word.Length + slips, .. grams]);
    }
}
