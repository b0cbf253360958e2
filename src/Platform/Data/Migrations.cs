using System.Reflection;
using Microsoft.Extensions.Logging;
using Remix.Platform.Text;

namespace Remix.Platform.Data;

/// <summary>
/// Applies every module's embedded SQL files that are not applied yet, in name order, in one transaction. Names start
/// with a date; <c>x.sqlite.sql</c> and <c>x.postgres.sql</c> are for one database only.
/// </summary>
public sealed class Migrations(Database database, IEnumerable<Module> modules, TimeProvider clock, ILogger<Migrations> log)
{
    private const string PostgresLock = "select pg_advisory_xact_lock(7364920174)";

    public Task Apply() => database.Write(async session =>
    {
        if (!database.Kind.IsSqlite)
        {
            await session.Execute(PostgresLock);
        }

        await session.Execute("create table if not exists migrations (name text primary key, applied_at bigint not null)");
        var applied = (await session.Query("select name from migrations", row => row.GetString(0))).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, assembly, resource) in Known().Where(known => !applied.Contains(known.Name)))
        {
            foreach (var statement in Statements(database.Kind.Migrated(Text(assembly, resource))))
            {
                await session.Execute(statement);
            }

            await session.Execute("insert into migrations (name, applied_at) values ($1, $2)", name, clock.NowMs());
            log.LogInformation("Applied migration {Name}", name);
        }
    });

    private IEnumerable<(string Name, Assembly Assembly, string Resource)> Known() =>
        modules.Select(module => module.Assembly).Append(typeof(Migrations).Assembly).Distinct()
            .SelectMany(assembly => assembly.GetManifestResourceNames()
                .Where(resource => resource.StartsWith("migrations/", StringComparison.Ordinal) && IsForThisDatabase(resource))
                .Select(resource => (resource["migrations/".Length..], assembly, resource)))
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

    /// <summary>A statement ends with a semicolon at the end of a line.</summary>
    private static IEnumerable<string> Statements(string sql) =>
        sql.ReplaceLineEndings("\n").Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
