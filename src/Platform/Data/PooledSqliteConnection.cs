using Microsoft.Data.Sqlite;

namespace Remix.Platform.Data;

/// <summary>
/// A connection from Microsoft.Data.Sqlite's own pool that nobody else holds. Up to 10.0.11 that pool lends one connection
/// to two who open at the same moment (dotnet/efcore#39008): one of them may take what the other was given, but not marked
/// as its own yet, for forgotten. Two threads in one connection leave it in ruins, so one opens after the other.
/// </summary>
internal sealed class PooledSqliteConnection(string connectionString) : SqliteConnection(connectionString)
{
    private static readonly Lock Opening = new();

    public override void Open()
    {
        lock (Opening)
        {
            base.Open();
        }
    }
}
