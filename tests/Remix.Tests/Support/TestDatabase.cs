using Npgsql;

namespace Remix.Tests.Support;

/// <summary>
/// A database of one's own: a data directory, and on PostgreSQL (where REMIX_TEST_DATABASE names a cluster) a database.
/// Both are gone when it is disposed.
/// </summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>The trait of a test that one database alone can pass; bin/test leaves it out on the other.</summary>
    public const string Only = "only";

    private static readonly string? Cluster = Environment.GetEnvironmentVariable("REMIX_TEST_DATABASE") is { Length: > 0 } text ? text : null;

    private TestDatabase(string folder, string? connection)
    {
        (Folder, Connection) = (folder, connection);
    }

    public static bool IsPostgres => Cluster is not null;

    /// <summary>The data directory.</summary>
    public string Folder { get; }

    /// <summary>The connection string; null means SQLite.</summary>
    public string? Connection { get; }

    private string Name => new NpgsqlConnectionStringBuilder(Connection).Database!;

    /// <summary>An empty one, or a copy of another that nobody has open.</summary>
    public static async Task<TestDatabase> Create(TestDatabase? template = null)
    {
        var folder = Directory.CreateTempSubdirectory("remix-test-").FullName;
        if (Cluster is null)
        {
            if (template is not null)
            {
                File.Copy(Path.Combine(template.Folder, "remix.db"), Path.Combine(folder, "remix.db"));
            }

            return new TestDatabase(folder, null);
        }

        var name = "remix_" + Guid.NewGuid().ToString("n");
        await Administer(template is null ? $"create database {name}" : $"create database {name} template {template.Name}");
        return new TestDatabase(folder, new NpgsqlConnectionStringBuilder(Cluster) { Database = name }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (Connection is not null)
        {
            await Administer($"drop database if exists {Name} with (force)");
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static async Task Administer(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Cluster) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
