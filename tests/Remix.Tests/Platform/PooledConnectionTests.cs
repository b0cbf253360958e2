using Microsoft.Data.Sqlite;
using Remix.Platform.Data;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class PooledConnectionTests
{
    private const int Rounds = 150;
    private const int AtOnce = 16;

    /// <summary>A race: where nothing keeps the openers apart, a round may, and need not, lend a connection twice (dotnet/efcore#39008).</summary>
    [Fact, Trait(TestDatabase.Only, "sqlite")]
    public void Whoever_opens_at_once_holds_a_connection_of_their_own()
    {
        var folder = Directory.CreateTempSubdirectory("remix-pool-");
        var address = $"Data Source={Path.Combine(folder.FullName, "pool.db")}";
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var connections = Enumerable.Range(0, AtOnce).Select(_ => new PooledSqliteConnection(address)).ToList();
                using (var start = new Barrier(AtOnce))
                {
                    var openers = connections.Select(connection => new Thread(() =>
                    {
                        start.SignalAndWait();
                        connection.Open();
                    })).ToList();
                    openers.ForEach(opener => opener.Start());
                    openers.ForEach(opener => opener.Join());
                }

                Assert.Equal(AtOnce, connections.Select(connection => connection.Handle).Distinct().Count());
                connections.ForEach(connection => connection.Dispose());
                SqliteConnection.ClearPool(new SqliteConnection(address));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
