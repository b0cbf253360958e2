using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Remix.Bench.Load;

/// <summary>
/// Many messages put straight into a database whose server does not run, as if they had been sent over the last months.
/// Words come as they do in language: few of them often, most of them seldom.
/// </summary>
internal sealed class MessageFlood(string roomId, string sender)
{
    private const int Vocabulary = 40_000;
    private const int WordsEach = 12;

    private static readonly string[] Syllables =
        "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru pla sta tri ven mor tal ned sil".Split(' ');

    private readonly Random random = new(7);

    /// <summary>The word of a rank; each is another.</summary>
    public static string Word(int rank)
    {
        var word = new StringBuilder();
        for (var rest = rank + Syllables.Length; rest > 0; rest /= Syllables.Length)
        {
            word.Append(Syllables[rest % Syllables.Length]);
        }

        return word.ToString();
    }

    /// <summary>A rank as language draws it (Zipf, roughly).</summary>
    public int Rank() => (int)Math.Pow(Vocabulary, random.NextDouble()) - 1;

    public async Task FillSqlite(string file, int count, CancellationToken stop)
    {
        await using var connection = new SqliteConnection($"Data Source={file}");
        await connection.OpenAsync(stop);
        await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync(stop);
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = """
            insert into messages (message_id, room_id, seq, sender, user_id, body, encrypted, mentions, status, created_at)
            values ($id, $room, $seq, $sender, 'bench', $body, 0, '[]', 'approved', $at)
            """;
        foreach (var name in new[] { "$id", "$room", "$seq", "$sender", "$body", "$at" })
        {
            insert.Parameters.Add(new SqliteParameter(name, ""));
        }

        foreach (var (id, seq, body, at) in Messages(count))
        {
            (insert.Parameters[0].Value, insert.Parameters[1].Value, insert.Parameters[2].Value) = (id, roomId, seq);
            (insert.Parameters[3].Value, insert.Parameters[4].Value, insert.Parameters[5].Value) = (sender, body, at);
            insert.ExecuteNonQuery();
        }

        await transaction.CommitAsync(stop);
    }

    public async Task FillPostgres(string connectionString, int count, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(stop);
        await using (var copy = await connection.BeginBinaryImportAsync("""
            copy messages (message_id, room_id, seq, sender, user_id, body, encrypted, mentions, status, created_at) from stdin (format binary)
            """, stop))
        {
            foreach (var (id, seq, body, at) in Messages(count))
            {
                await copy.StartRowAsync(stop);
                await copy.WriteAsync(id, NpgsqlDbType.Uuid, stop);
                await copy.WriteAsync(roomId, NpgsqlDbType.Text, stop);
                await copy.WriteAsync((long)seq, NpgsqlDbType.Bigint, stop);
                await copy.WriteAsync(sender, NpgsqlDbType.Text, stop);
                await copy.WriteAsync("bench", NpgsqlDbType.Text, stop);
                await copy.WriteAsync(body, NpgsqlDbType.Text, stop);
                await copy.WriteAsync(false, NpgsqlDbType.Boolean, stop);
                await copy.WriteAsync("[]", NpgsqlDbType.Text, stop);
                await copy.WriteAsync("approved", NpgsqlDbType.Text, stop);
                await copy.WriteAsync(at, NpgsqlDbType.Bigint, stop);
            }

            await copy.CompleteAsync(stop);
        }

        await using var analyze = new NpgsqlCommand("analyze messages", connection);
        await analyze.ExecuteNonQueryAsync(stop);
    }

    private IEnumerable<(Guid Id, int Seq, string Body, long At)> Messages(int count)
    {
        var began = DateTimeOffset.UtcNow.AddDays(-90);
        var step = TimeSpan.FromDays(80) / count;
        for (var i = 0; i < count; i++)
        {
            var at = began + (i * step);
            var words = Enumerable.Range(0, WordsEach).Select(_ => Word(Rank()));
            yield return (Guid.CreateVersion7(at), i + 1_000_000, string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', words)} {i}"),
                at.ToUnixTimeMilliseconds());
        }
    }
}
