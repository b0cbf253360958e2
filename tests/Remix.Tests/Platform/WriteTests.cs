using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Remix.Platform.Data;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

/// <summary>What a write promises, on whichever database: on SQLite the write lane keeps it, on PostgreSQL the server.</summary>
public class WriteTests(World world) : IClassFixture<World>
{
    private Database Database => world.Database;

    [Fact]
    public async Task A_transaction_that_fails_leaves_nothing_and_the_others_alone()
    {
        await Table("lonely", "n bigint primary key");
        var writes = Enumerable.Range(0, 200).Select(n => Database.Write(async session =>
        {
            await session.Execute("insert into lonely (n) values ($1)", n);
            if (n % 3 == 0)
            {
                throw new InvalidTimeZoneException("on purpose");
            }
        })).ToArray();
        await Task.WhenAll(writes.Select(async write => await ((Task)write).ContinueWith(_ => { }, TaskScheduler.Default)));

        for (var n = 0; n < writes.Length; n++)
        {
            Assert.Equal(n % 3 == 0, writes[n].IsFaulted);
            Assert.True(n % 3 != 0 || writes[n].Exception!.InnerException is InvalidTimeZoneException);
        }

        Assert.Equal(Enumerable.Range(0, 200).Where(n => n % 3 != 0).Select(n => (long)n), await Numbers("lonely"));
    }

    [Fact]
    public async Task A_statement_that_fails_undoes_its_own_transaction_only()
    {
        await Table("strict", "n bigint primary key");
        await Database.Write(async session => { await session.Execute("insert into strict (n) values (7)"); });
        var writes = Enumerable.Range(0, 20).Select(n => Database.Write(async session =>
        {
            await session.Execute("insert into strict (n) values ($1)", n + 100);
            await session.Execute("insert into strict (n) values ($1)", n);
        })).ToArray();
        var failed = await Assert.ThrowsAnyAsync<DbException>(() => Task.WhenAll((IEnumerable<Task>)writes));

        Assert.True(DatabaseKind.IsUniqueViolation(failed));
        Assert.Equal(1, writes.Count(write => write.IsFaulted));
        Assert.Equal(39, (await Numbers("strict")).Count);
        Assert.DoesNotContain(107, await Numbers("strict"));
    }

    [Fact]
    public async Task A_reference_to_nothing_fails_its_own_transaction_only()
    {
        await Table("parents", "n bigint primary key");
        await Table("children", "n bigint primary key, parent bigint not null references parents (n) deferrable initially deferred");
        await Database.Write(async session => { await session.Execute("insert into parents (n) values (1)"); });
        var writes = Enumerable.Range(0, 30).Select(n => Database.Write(async session =>
        {
            await session.Execute("insert into children (n, parent) values ($1, $2)", n, n == 13 ? 2 : 1);
        })).ToArray();
        await Assert.ThrowsAnyAsync<DbException>(() => Task.WhenAll((IEnumerable<Task>)writes));

        Assert.Equal([13], Enumerable.Range(0, 30).Where(n => writes[n].IsFaulted));
        Assert.Equal(29, (await Numbers("children")).Count);
    }

    [Fact]
    public async Task Tallies_of_many_add_up_and_those_of_a_failed_transaction_do_not_count()
    {
        await Table("tallies", "name text primary key, n bigint not null");
        await Database.Write(async session => { await session.Execute("insert into tallies (name, n) values ('a', 0), ('b', 0)"); });
        var writes = Enumerable.Range(0, 90).Select(n => Database.Write(session =>
        {
            session.Tally("update tallies set n = n + $1 where name = $2", n % 2 == 0 ? "a" : "b", 2);
            return n % 3 == 0 ? throw new InvalidTimeZoneException("on purpose") : ValueTask.CompletedTask;
        })).ToArray();
        await Task.WhenAll(writes.Select(async write => await ((Task)write).ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal([60, 60], await Numbers("tallies"));
    }

    [Fact]
    public async Task Those_that_can_wait_are_kept_like_all_others_beside_them_and_alone()
    {
        await Table("patient", "n bigint primary key");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async caller =>
        {
            for (var i = 0; i < 20; i++)
            {
                var n = (caller * 20) + i;
                await Database.Write(async session => { await session.Execute("insert into patient (n) values ($1)", n); },
                    canWait: caller % 4 != 0 || i % 2 == 0);
            }
        }));

        Assert.Equal(Enumerable.Range(0, 320).Select(n => (long)n), await Numbers("patient"));
        await Database.Write(async session => { await session.Execute("insert into patient (n) values (320)"); }, canWait: true);
        Assert.Equal(321, (await Numbers("patient")).Count);
    }

    [Fact]
    public async Task What_is_to_be_done_after_the_commit_is_done_after_it_or_never()
    {
        await Table("later", "n bigint primary key");
        var seen = new List<(int N, bool Visible)>();
        for (var n = 0; n < 10; n++)
        {
            var number = n;
            var write = Database.Write(async session =>
            {
                await session.Execute("insert into later (n) values ($1)", number);
                session.AfterCommit(() => seen.Add((number, IsVisible(number))));
                if (number % 2 == 1)
                {
                    throw new InvalidTimeZoneException("on purpose");
                }
            });
            await ((Task)write).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        Assert.Equal([0, 2, 4, 6, 8], seen.Select(one => one.N));
        Assert.All(seen, one => Assert.True(one.Visible));
        return;

        bool IsVisible(int number) => Database.Read(session => session.Scalar<long>("select count(*) from later where n = $1", number)).GetAwaiter()
            .GetResult() == 1;
    }

    /// <summary>PostgreSQL's own promise, and switched off for tests.</summary>
    [Fact, Trait(TestDatabase.Only, "sqlite")]
    public async Task A_write_is_on_disk_when_it_is_acknowledged()
    {
        await Table("durable", "n bigint primary key");
        await Database.Write(async session => { await session.Execute("insert into durable (n) values (1)"); });

        // What another process would find if this one ended now: the files as they lie.
        var copy = Directory.CreateTempSubdirectory("remix-copy-").FullName;
        foreach (var file in Directory.EnumerateFiles(world.Settings.DataDirectory, "remix.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(copy, "remix.db")};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "select count(*) from durable";
            Assert.Equal(1L, await command.ExecuteScalarAsync());
        }

        Directory.Delete(copy, recursive: true);
        Assert.Equal(2L, await Database.Write(session => session.Scalar<long>("pragma synchronous")));
    }

    /// <summary>On SQLite no transaction is done again.</summary>
    [Fact, Trait(TestDatabase.Only, "postgres")]
    public async Task What_EF_saved_is_saved_again_when_its_transaction_is_done_again()
    {
        using var scope = world.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<RemixDb>();
        var user = new Remix.Identity.Users.User
        {
            UserId = world.FreshName("again"),
            PublicKey = "k",
            SigningPublicKey = "s",
            OwnKey = false,
            CreatedAt = 1,
        };
        db.Add(user);
        var attempts = 0;
        await db.Commit(async session =>
        {
            if (++attempts == 1)
            {
                await session.Execute("do $$ begin raise exception 'collision' using errcode = '40001'; end $$");
            }
        });

        Assert.Equal(2, attempts);
        Assert.Equal(1, await Database.Read(session => session.Scalar<long>("select count(*) from users where user_id = $1", user.UserId)));
        Assert.Equal(EntityState.Unchanged, db.Entry(user).State);
    }

    [Fact]
    public async Task Sessions_know_kinds_of_value_and_take_null_after_any()
    {
        await Table("kinds", "id bigint primary key, t text, n bigint, g $uuid, b $bool");
        var id = Guid.CreateVersion7();
        const string insert = "insert into kinds (id, t, n, g, b) values ($1, $2, $3, $4, $5)";
        await Database.Write(async session =>
        {
            await session.Execute(insert, 1, "text", long.MaxValue, id, true);
            await session.Execute(insert, 2, null, null, null, null);
            await session.Execute(insert, 3, "'; drop table kinds; --", -1L, Guid.Empty, false);
        });
        var rows = await Database.Read(session => session.Query("select t, n, g, b from kinds order by id",
            row => (row.Text(0), row.Long(1), row.IsDBNull(2) ? (Guid?)null : row.GetGuid(2), row.IsDBNull(3) ? (bool?)null : row.GetBoolean(3))));
        Assert.Equal([("text", long.MaxValue, id, true), (null, null, null, null), ("'; drop table kinds; --", -1L, Guid.Empty, false)], rows);
        Assert.Equal(1, await Database.Read(session => session.Scalar<long>("select id from kinds where g = $1", id)));
        Assert.Null(await Database.Read(session => session.Scalar<string>("select t from kinds where id = 2")));
        Assert.Equal(0, await Database.Read(session => session.Scalar<long>("select n from kinds where id = 99")));
        Assert.Null(await Database.Read(session => session.First("select t from kinds where id = 99", row => row.GetString(0))));
    }

    [Fact]
    public async Task A_session_forgets_commands_rather_than_keeping_them_all()
    {
        Assert.Equal(Enumerable.Range(0, 500).Sum(n => (long)n), await Database.Read(async session =>
        {
            long sum = 0;
            for (var n = 0; n < 500; n++)
            {
                sum += await session.Scalar<long>($"select cast({n} as bigint) + $1", 0L);
            }

            return sum;
        }));
    }

    /// <summary>PostgreSQL's readers share the writers' connections.</summary>
    [Fact, Trait(TestDatabase.Only, "sqlite")]
    public async Task Readers_cannot_write_on_SQLite()
    {
        await Assert.ThrowsAsync<SqliteException>(() => Database.Read(session => session.Execute("delete from users")));
    }

    [Fact]
    public async Task Counters_moved_by_many_at_once_lose_nothing()
    {
        await Table("counters", "id bigint primary key, n bigint not null");
        await Database.Write(async session => { await session.Execute("insert into counters (id, n) values (1, 100)"); });
        var taken = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => Database.Write(session =>
            session.Execute("update counters set n = n - 1 where id = 1 and n >= 1"))));
        Assert.Equal(100, taken.Sum());
        Assert.Equal(0, await Database.Read(session => session.Scalar<long>("select n from counters")));
    }

    private Task Table(string name, string columns) => Database.Write(async session =>
    {
        await session.Execute(Database.Kind.Migrated($"create table {name} ({columns})"));
    });

    private Task<List<long>> Numbers(string table) =>
        Database.Read(session => session.Query($"select n from {table} order by n", row => row.GetInt64(0)));
}
