using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Settings;

namespace Remix.Platform.Search;

/// <summary>
/// An index of words, beside the data and made from it. It holds keys and words only: who asks it reads what they stand
/// for where it is kept, and there sees whether it may still be shown. On SQLite it is a file of its own, with its own
/// lane, so that no sender ever waits for it; on PostgreSQL tables of their own, which one node at a time writes.
/// </summary>
public sealed class SearchIndex : IAsyncDisposable
{
    /// <summary>Hits are counted up to here.</summary>
    public const int CountMax = 5_000;

    private const string PositionNote = "position";

    private readonly string? file;
    private readonly ILogger<SearchIndex> log;
    private readonly SearchDialect dialect;
    private readonly SemaphoreSlim opening = new(1, 1);
    private Database? home;

    public SearchIndex(Database main, RemixSettings settings, ILogger<SearchIndex> log)
    {
        this.log = log;
        home = main.Kind.IsSqlite ? null : main;
        file = main.Kind.IsSqlite ? Path.Combine(settings.DataDirectory, "search.db") : null;
        dialect = main.Kind.IsSqlite ? new SqliteSearch() : new PostgresSearch();
    }

    /// <summary>The id of the log up to which it has everything; null in a new index.</summary>
    public async Task<long?> Position() =>
        await Note(PositionNote) is { } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    public Task<string?> Note(string name) => Guarded(home => home.Read(session => Note(session, name)));

    public Task Apply(SearchBatch batch) => Guarded(home => home.Write(async session =>
    {
        var position = await session.Scalar<string>($"select value from search_notes where name = $1{dialect.ForUpdate}", PositionNote);
        if (batch.Position is { } to && position is not null && long.Parse(position, System.Globalization.CultureInfo.InvariantCulture) >= to)
        {
            return false;
        }

        await dialect.Write(session, batch);
        foreach (var (name, value) in batch.Notes)
        {
            await SetNote(session, name, value);
        }

        if (batch.Position is { } reached)
        {
            await SetNote(session, PositionNote, reached.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return true;
    }));

    public Task<SearchHits> Find(SearchQuestion question) => Guarded(home => home.Read(session => dialect.Find(session, question)));

    /// <summary>The keys of some entries that have a facet.</summary>
    public async Task<IReadOnlyList<string>> WithFacet(string facet, int limit) =>
        (await Find(new SearchQuestion([], [facet], limit, 0))).Keys;

    /// <summary>Adds words to what spelling is corrected by.</summary>
    public Task Learn(string kind, IReadOnlyCollection<string> words) => Guarded(home => home.Write(async session =>
    {
        await dialect.Learn(session, kind, words.Where(Spelling.HasSpelling).GroupBy(word => word, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Count(), StringComparer.Ordinal));
        return true;
    }));

    /// <summary>The words of a kind that may be meant by this one, itself among them, the likeliest first.</summary>
    public Task<IReadOnlyList<string>> Meant(string kind, string word) => Guarded(home => home.Read(session => Vocabulary.Meant(session, kind, word)));

    /// <summary>Empties it: it was made from something else.</summary>
    public Task Forget() => Guarded(home => home.Write(async session =>
    {
        foreach (var table in new[] { "search_notes", "search_entries", "search_terms", "search_grams" })
        {
            await session.Execute($"delete from {table}");
        }

        await dialect.Forget(session);
        return true;
    }));

    private static async ValueTask<string?> Note(SqlSession session, string name) =>
        await session.Scalar<string>("select value from search_notes where name = $1", name);

    private static ValueTask<int> SetNote(SqlSession session, string name, string value) => session.Execute(
        "insert into search_notes (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", name, value);

    /// <summary>A damaged file is thrown away: everything in it can be made again.</summary>
    private async Task<T> Guarded<T>(Func<Database, Task<T>> work)
    {
        var used = home ?? await Open();
        try
        {
            return await work(used);
        }
        catch (Exception e) when (file is not null && DatabaseKind.IsDamaged(e))
        {
            log.LogWarning(e, "The search index is damaged; it is made again");
            await ThrowAway(used);
            return await work(await Open());
        }
    }

    private async Task<Database> Open()
    {
        await opening.WaitAsync();
        try
        {
            return home ??= await OpenFile();
        }
        finally
        {
            opening.Release();
        }
    }

    private async Task<Database> OpenFile()
    {
        for (var attempt = 1; ; attempt++)
        {
            Database? opened = null;
            try
            {
                opened = new Database(file!);
                await opened.Write(SqliteSearch.Prepare);
                return opened;
            }
            catch (Exception e) when (attempt == 1 && DatabaseKind.IsDamaged(e))
            {
                log.LogWarning(e, "The search index is damaged; it is made again");
                await (opened?.DisposeAsync() ?? ValueTask.CompletedTask);
                Delete();
            }
        }
    }

    private async Task ThrowAway(Database damaged)
    {
        await opening.WaitAsync();
        try
        {
            if (home == damaged)
            {
                home = null;
                await damaged.DisposeAsync();
                Delete();
            }
        }
        finally
        {
            opening.Release();
        }
    }

    private void Delete()
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(file + suffix);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (file is not null && home is { } open)
        {
            await open.DisposeAsync();
        }
    }
}
