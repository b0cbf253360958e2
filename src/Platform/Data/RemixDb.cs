using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Remix.Platform.Data;

/// <summary>
/// The one EF context: every module's entities, mapped by conventions (snake_case columns, enums as text, lists as JSON).
/// Reads happen on its own connection; what was changed is written by <see cref="Commit(Func{SqlSession, ValueTask})"/>.
/// </summary>
public sealed class RemixDb(DbContextOptions<RemixDb> options, Database database, IEnumerable<Module> modules) : DbContext(options)
{
    protected override void OnConfiguring(DbContextOptionsBuilder builder)
    {
        var connection = database.CreateConnection();
        _ = database.Kind.IsSqlite
            ? builder.UseSqlite(connection, o => o.CommandTimeout(30))
            : builder.UseNpgsql((Npgsql.NpgsqlConnection)connection);
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        foreach (var module in modules)
        {
            module.Map(model);
        }

        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetDeclaredProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (type.IsEnum)
            {
                property.SetValueConverter(EnumText.Converter(type));
            }
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<string[]>().HaveConversion<TextListConverter, TextListComparer>();
        conventions.Properties<JsonElement>().HaveConversion<JsonElementConverter, JsonElementComparer>();
    }

    public Task Commit() => Commit(static _ => ValueTask.CompletedTask);

    /// <summary>
    /// Saves what this context tracks and does <paramref name="also"/> in the same transaction; durable when it completes.
    /// </summary>
    public Task Commit(Func<SqlSession, ValueTask> also) => Commit(async session =>
    {
        await also(session);
        return true;
    });

    /// <summary>The same with something to do before the tracked changes are saved, too.</summary>
    public Task Commit(Func<SqlSession, ValueTask> before, Func<SqlSession, ValueTask> also) => Commit(before, async session =>
    {
        await also(session);
        return true;
    });

    public Task<T> Commit<T>(Func<SqlSession, ValueTask<T>> also) => Commit(static _ => ValueTask.CompletedTask, also);

    private async Task<T> Commit<T>(Func<SqlSession, ValueTask> before, Func<SqlSession, ValueTask<T>> also)
    {
        var result = await database.Write(session => Save(session, before, also));

        // Not before: a transaction that collides is done again, and must find its changes still to be made.
        ChangeTracker.AcceptAllChanges();
        return result;
    }

    private async ValueTask<T> Save<T>(SqlSession session, Func<SqlSession, ValueTask> before, Func<SqlSession, ValueTask<T>> also)
    {
        var own = Database.GetDbConnection();
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        Database.SetDbConnection(session.Connection);
        try
        {
            if (session.Transaction is { } transaction)
            {
                await Database.UseTransactionAsync(transaction);
            }

            await before(session);
            await SaveChangesAsync(acceptAllChangesOnSuccess: false);
            return await also(session);
        }
        finally
        {
            await Database.UseTransactionAsync(null);
            Database.SetDbConnection(own);
        }
    }
}
