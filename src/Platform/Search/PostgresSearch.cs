using Remix.Platform.Data;

namespace Remix.Platform.Search;

/// <summary>A tsvector made from our own words, under GIN; everything is written in one statement for many rows.</summary>
internal sealed class PostgresSearch : SearchDialect
{
    public override string ForUpdate => " for update";

    public override async ValueTask Write(SqlSession session, SearchBatch batch)
    {
        if (batch.Gone.Count > 0)
        {
            await session.Execute("delete from search_entries where key = any($1)", (object)batch.Gone.ToArray());
        }

        if (batch.Entries.Count > 0)
        {
            var entries = batch.Entries.DistinctBy(entry => entry.Key, StringComparer.Ordinal).ToArray();
            await session.Execute("""
                insert into search_entries (key, rank, tokens)
                select key, rank, tokens::tsvector from unnest($1::text[], $2::bigint[], $3::text[]) as new (key, rank, tokens)
                on conflict (key) do update set tokens = excluded.tokens
                """, entries.Select(entry => entry.Key).ToArray(), entries.Select(entry => entry.Rank).ToArray(),
                entries.Select(entry => string.Join(' ', Tokens(entry).Select(Quoted))).ToArray());
        }
    }

    public override async ValueTask<SearchHits> Find(SqlSession session, SearchQuestion question)
    {
        var groups = question.Groups.Select(group => $"({string.Join(" | ", group.Select(Quoted))})")
            .Concat(question.Facets.Select(facet => Quoted(Facet(facet))));
        var match = string.Join(" & ", groups);

        // Few hits are gathered by the words and sorted; the planner, which guesses how many there are, must not choose here.
        var few = await session.Query($"""
            select key, count(*) over () from (select key, rank from search_entries where tokens @@ $1::tsquery limit {SearchIndex.CountMax}) as hits
            order by rank desc, key limit $2 offset $3
            """, row => (Key: row.GetString(0), Total: row.GetInt64(1)), match, question.Limit, question.Offset);
        if (few.Count == 0 || few[0].Total < SearchIndex.CountMax)
        {
            return new SearchHits([.. few.Select(hit => hit.Key)], few.Count > 0 ? few[0].Total : 0);
        }

        // Many are read off the end of the ranks, where they lie close.
        var keys = await session.Query(
            "select key from search_entries where tokens @@ $1::tsquery order by rank desc, key limit $2 offset $3",
            row => row.GetString(0), match, question.Limit, question.Offset);
        return new SearchHits(keys, SearchIndex.CountMax);
    }

    public override async ValueTask Learn(SqlSession session, string kind, IReadOnlyDictionary<string, int> words)
    {
        if (words.Count == 0)
        {
            return;
        }

        // In one order, so that two nodes that learn the same words do not wait for each other in a circle.
        var ordered = words.OrderBy(word => word.Key, StringComparer.Ordinal).ToArray();
        var fresh = await session.Query("""
            insert into search_terms (kind, term, uses)
            select $1, term, uses from unnest($2::text[], $3::bigint[]) as new (term, uses)
            on conflict (kind, term) do update set uses = search_terms.uses + excluded.uses
            returning term, xmax::text = '0'
            """, row => (Term: row.GetString(0), IsNew: row.GetBoolean(1)), kind, ordered.Select(word => word.Key).ToArray(),
            ordered.Select(word => (long)word.Value).ToArray());
        var grams = fresh.Where(term => term.IsNew)
            .SelectMany(term => Spelling.Grams(term.Term).Distinct(StringComparer.Ordinal).Select(gram => (Gram: gram, term.Term))).ToArray();
        if (grams.Length > 0)
        {
            await session.Execute("""
                insert into search_grams (kind, gram, length, term)
                select $1, gram, length(term), term from unnest($2::text[], $3::text[]) as new (gram, term) on conflict do nothing
                """, kind, grams.Select(gram => gram.Gram).ToArray(), grams.Select(gram => gram.Term).ToArray());
        }
    }

    /// <summary>A lexeme; our words hold neither quotes nor backslashes.</summary>
    private static string Quoted(string word) => $"'{word}'";
}
