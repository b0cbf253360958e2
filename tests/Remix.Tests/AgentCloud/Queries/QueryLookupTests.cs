using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Remix.Tests.AgentCloud.Data;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Queries;

/// <summary>How a condition is looked up that the index does not lead to: a few entries for each row, however many rows there are.</summary>
[Trait(TestDatabase.Only, "sqlite")]
public class QueryLookupTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("s contains \"3\"")]
    [InlineData("not s contains \"3\"")]
    [InlineData("s contains \"3\" and n > 100")]
    [InlineData("s like \"3\" or s in [\"a\", 1]")]
    [InlineData("s all_in [\"3\"]")]
    [InlineData("not exists s")]
    public async Task Each_value_is_looked_up_by_its_row(string text)
    {
        var workspace = WorkspaceDataTests.NewId();
        await world.Services.GetRequiredService<RecordStore>().Change(workspace, "shop", "ann",
            RecordChange.Save(JsonSerializer.SerializeToElement(new { s = "3" })));
        var condition = ((Filter)QuerySource.Read(text).Stages[0]).Condition;

        var plan = await world.Services.GetRequiredService<WorkspaceData>().Read(workspace, session =>
        {
            var sql = new SqlText(session.Kind);
            var (app, last) = (sql.Add(1L), sql.Add(long.MaxValue));
            var where = new ConditionSql(sql, app, "r.row_no", new SystemSql(sql, last)).Where(condition);
            return session.Query($"explain query plan select r.row_no from cloud_records r where r.app_id = {app} and r.row_no <= {last} "
                + $"and {where}", row => row.GetString(3), sql.Arguments);
        });

        var lookups = plan.Where(step => step.StartsWith("SEARCH f ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lookups);
        Assert.All(lookups, step => Assert.EndsWith("cloud_fields_by_row (app_id=? AND row_no=? AND field=?)", step, StringComparison.Ordinal));
    }
}
