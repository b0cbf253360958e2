using Remix.Platform.Data;

namespace Remix.Platform.Search;

/// <summary>FTS5 without contents and positions; the row's number is its rank, so that a page is read off its end.</summary>
internal sealed class SqliteSearch : SearchDialect
{
    private static readonly string[] Tables =
    [
        "create table if not exists search_notes (name text primary key, value text not null) without rowid",
        "create table if not exists search_entries (rank integer primary key, key text not null unique)",
        """
        create virtual table if not exists search_words using fts5
            (tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii')
        """,
        """
        create table if not exists search_terms
            (kind text not null, term text not null, uses bigint not null, primary key (kind, term)) without rowid
        """,
        """
        create table if not exists search_grams (kind text not null, gram text not null, length bigint not null, term text not null,
            primary key (kind, gram, length, term)) without rowid
        """,
    ];

    public override string ForUpdate => "";

    public static async ValueTask<bool> Prepare(SqlSession session)
    {
        foreach (var table in Tables)
        {
            await session.Execute(table);
        }

        return true;
    }

    public override async ValueTask Write(SqlSession session, SearchBatch batch)
    {
        foreach (var key in batch.Gone)
        {
            await Remove(session, key);
        }

        // In the order of their rows: FTS5 writes out what it has gathered each time that a row comes before the last.
        foreach (var entry in batch.Entries.OrderBy(entry => entry.Rank))
        {
            var rank = await Remove(session, entry.Key) ?? entry.Rank;
            while (await session.Execute("insert into search_entries (rank, key) values ($1, $2) on conflict (rank) do nothing", rank, entry.Key) == 0)
            {
                rank++;
            }

            await session.Execute("insert into search_words (rowid, tokens) values ($1, $2)", rank, string.Join(' ', Tokens(entry)));
        }
    }

    public override async ValueTask<SearchHits> Find(SqlSession session, SearchQuestion question)
    {
        var groups = question.Groups.Select(group => $"({string.Join(" OR ", group.Select(Quoted))})")
            .Concat(question.Facets.Select(facet => Quoted(Facet(facet))));
        var match = string.Join(" AND ", groups);
        var keys = await session.Query("""
            select e.key from (select rowid as rank from search_words where search_words match $1 order by rowid desc limit $2 offset $3) w
            join search_entries e on e.rank = w.rank order by w.rank desc
            """, row => row.GetString(0), match, question.Limit, question.Offset);
        var total = keys.Count < question.Limit && (question.Offset == 0 || keys.Count > 0)
            ? question.Offset + keys.Count
            : await session.Scalar<long>(
                $"select count(*) from (select 1 from search_words where search_words match $1 limit {SearchIndex.CountMax})", match);
        return new SearchHits(keys, total);
    }

    public override async ValueTask Learn(SqlSession session, string kind, IReadOnlyDictionary<string, int> words)
    {
        foreach (var (word, uses) in words)
        {
            if (await session.Execute("update search_terms set uses = uses + $1 where kind = $2 and term = $3", uses, kind, word) > 0)
            {
                continue;
            }

            await session.Execute("insert into search_terms (kind, term, uses) values ($1, $2, $3)", kind, word, uses);
            foreach (var gram in Spelling.Grams(word).Distinct(StringComparer.Ordinal))
            {
                await session.Execute("insert into search_grams (kind, gram, length, term) values ($1, $2, $3, $4)", kind, gram, word.Length, word);
            }
        }
    }

    public override ValueTask<int> Forget(SqlSession session) =>
        session.Execute("insert into search_words (search_words) values ('delete-all')");

    private static async ValueTask<long?> Remove(SqlSession session, string key)
    {
        var rank = await session.Scalar<long?>("select rank from search_entries where key = $1", key);
        if (rank is not null)
        {
            await session.Execute("delete from search_words where rowid = $1", rank);
            await session.Execute("delete from search_entries where rank = $1", rank);
        }

        return rank;
    }

    private static string Quoted(string word) => $"\"{word}\"";
}
