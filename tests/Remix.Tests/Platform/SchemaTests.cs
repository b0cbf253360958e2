using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Data;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class SchemaTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Every_mapped_column_is_in_its_table()
    {
        using var scope = world.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<RemixDb>();
        var entities = db.Model.GetEntityTypes().ToList();
        Assert.NotEmpty(entities);
        foreach (var entity in entities)
        {
            var columns = string.Join(", ", entity.GetProperties().Select(property => property.GetColumnName()));
            await world.Database.Read(session => session.Query($"select {columns} from {entity.GetTableName()}", _ => 0));
        }
    }

    [Fact]
    public async Task Every_entity_can_be_read_as_it_is_mapped()
    {
        using var scope = world.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<RemixDb>();
        var load = GetType().GetMethod(nameof(Load), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        foreach (var entity in db.Model.GetEntityTypes())
        {
            await (Task)load.MakeGenericMethod(entity.ClrType).Invoke(null, [db])!;
        }
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        var before = await Applied();
        await world.Services.GetRequiredService<Migrations>().Apply();
        Assert.Equal(before, await Applied());
        Assert.Equal(before.Order(StringComparer.Ordinal), before);
    }

    [Fact]
    public async Task Many_nodes_may_migrate_at_once()
    {
        await using var database = await TestDatabase.Create();
        var settings = world.Settings with { DataDirectory = database.Folder, Database = database.Connection };
        var nodes = Enumerable.Range(0, TestDatabase.IsPostgres ? 4 : 1).Select(_ => new Database(settings)).ToList();
        var modules = world.Services.GetRequiredService<IReadOnlyList<Remix.Platform.Module>>();
        await Task.WhenAll(nodes.Select(node =>
            new Migrations(node, modules, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrations>.Instance).Apply()));
        Assert.Equal(await Applied(), await nodes[0].Read(session =>
            session.Query("select name from migrations order by applied_at, name", row => row.GetString(0))));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Events_of_a_channel_are_numbered_without_gaps_whoever_fails()
    {
        var events = world.Services.GetRequiredService<Remix.Platform.Events.EventLog>();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async n =>
        {
            var write = world.Database.Write(async session =>
            {
                await events.Append(session, "numbered", "test", null, new { n });
                if (n % 4 == 0)
                {
                    throw new InvalidTimeZoneException("on purpose");
                }
            });
            await ((Task)write).ContinueWith(_ => { }, TaskScheduler.Default);
        }));
        var log = await events.Read("numbered", 0, 1000);
        Assert.Equal(Enumerable.Range(1, 75).Select(n => (long)n), log.Select(logged => logged.Seq));
        Assert.Equal(log.Select(logged => logged.AtMs).Distinct().Order(), log.Select(logged => logged.AtMs));
    }

    private Task<List<string>> Applied() => world.Database.Read(session =>
        session.Query("select name from migrations order by applied_at, name", row => row.GetString(0)));

    private static async Task Load<T>(RemixDb db) where T : class => await db.Set<T>().AsNoTracking().Take(5).ToListAsync();
}
