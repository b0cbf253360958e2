using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Remix.Platform.Text;

namespace Remix.Platform.Data;

/// <summary>
/// Applies every module's embedded SQL files that are not applied yet, in name order, in one transaction. Names start
/// with a date; <c>x.sqlite.sql</c> and <c>x.postgres.sql</c> are for one database only. Those in a folder,
/// <c>folder/x.sql</c>, are for files of their own on SQLite; on PostgreSQL their tables lie with all others.
/// </summary>
public sealed partial class Migrations(Database database, IEnumerable<Module> modules, TimeProvider clock, ILogger<Migrations> log)
{
    private const string PostgresLock = "select pg_advisory_xact_lock(7364920174)";

    public Task Apply() => Apply(database, name => !database.Kind.IsSqlite || !name.Contains('/', StringComparison.Ordinal));

    /// <summary>Brings a file of its own up to the folder's state.</summary>
    public Task Apply(Database file, string folder) => Apply(file, name => name.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary>The tables that a folder's files make with such a column.</summary>
    public IReadOnlyList<string> TablesWith(string folder, string column) => [..
        Known(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
        .SelectMany(known => Statements(Text(known.Assembly, known.Resource)))
        .Select(statement => CreateTable().Match(statement))
        .Where(match => match.Success && match.Value.Contains($"\n    {column} ", StringComparison.Ordinal))
        .Select(match => match.Groups["name"].Value)];

    private Task Apply(Database target, Predicate<string> isForIt) => target.Write(async session =>
    {
        if (!database.Kind.IsSqlite)
        {
            await session.Execute(PostgresLock);
        }

        await session.Execute("create table if not exists migrations (name text primary key, applied_at bigint not null)");
        var applied = (await session.Query("select name from migrations", row => row.GetString(0))).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, assembly, resource) in Known(isForIt).Where(known => !applied.Contains(known.Name)))
        {
            foreach (var statement in Statements(database.Kind.Migrated(Text(assembly, resource))))
            {
                await session.Execute(statement);
            }

            await session.Execute("insert into migrations (name, applied_at) values ($1, $2)", name, clock.NowMs());
            log.Log(target == database ? LogLevel.Information : LogLevel.Debug, "Applied migration {Name}", name);
        }
    });

    private IEnumerable<(string Name, Assembly Assembly, string Resource)> Known(Predicate<string> isWanted) =>
        modules.Select(module => module.Assembly).Append(typeof(Migrations).Assembly).Distinct()
            .SelectMany(assembly => assembly.GetManifestResourceNames()
                .Where(resource => resource.StartsWith("migrations/", StringComparison.Ordinal) && IsForThisDatabase(resource))
                .Select(resource => (resource["migrations/".Length..], assembly, resource)))
            .Where(known => isWanted(known.Item1))
            .OrderBy(known => known.Item1, StringComparer.Ordinal);

    private bool IsForThisDatabase(string resource)
    {
        var parts = resource.Split('.');
        return parts.Length < 3 || parts[^2] == database.Kind.Name;
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^create table (?<name>\w+) .*", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex CreateTable();

    /// <summary>A statement ends with a semicolon at the end of a line.</summary>
    private static IEnumerable<string> Statements(string sql) =>
        sql.ReplaceLineEndings("\n").Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
