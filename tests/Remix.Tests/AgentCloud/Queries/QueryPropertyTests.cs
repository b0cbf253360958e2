using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Record = Remix.AgentCloud.Records.Record;
using Remix.Tests.AgentCloud.Data;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Queries;

/// <summary>What holds for every query: it is the same in each of its forms, and the database answers what it means.</summary>
public class QueryPropertyTests(World world) : IClassFixture<World>
{
    private const string App = "shop";

    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Printing_and_parsing_give_the_same_query() => Prop.ForAll(Seeds, seed =>
    {
        var query = new QueryMaker(seed).Query();
        var text = QueryPrinter.Print(query);
        Assert.Equal(AstWriter.Write(query), AstWriter.Write(QueryParser.Parse(text)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Writing_and_reading_the_AST_give_the_same_query() => Prop.ForAll(Seeds, seed =>
    {
        var query = new QueryMaker(seed).Query();
        var ast = AstWriter.Write(query);
        Assert.Equal(QueryPrinter.Print(query), QueryPrinter.Print(QuerySource.Read(ast)));
        Assert.Equal(ast, AstWriter.Write(QuerySource.Read(ast)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Any_text_is_a_query_or_points_at_its_mistake() =>
        Prop.ForAll(Gen.Elements(Scraps).ListOf().Select(string.Concat).ToArbitrary(), text =>
    {
        try
        {
            QueryParser.Parse(text);
        }
        catch (QuerySyntaxException e)
        {
            var lines = text.Split('\n');
            Assert.InRange(e.Line, 1, lines.Length);
            Assert.InRange(e.Column, 1, lines[e.Line - 1].Length + 1);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Theory]
    [InlineData(1, QueryDriver.FewMax)]
    [InlineData(2, 0)]
    [InlineData(3, 5)]
    public async Task The_database_answers_what_the_query_means(int seed, int fewMax)
    {
        var workspace = WorkspaceDataTests.NewId();
        var records = await Fill(workspace, new QueryMaker(seed));
        var runner = new QueryRunner(world.Services.GetRequiredService<WorkspaceData>(), fewMax);
        for (var n = 0; n < 250; n++)
        {
            var maker = new QueryMaker(seed * 1_000_000 + n);
            var query = maker.Query();
            var scope = Scope(maker);
            var expected = SlowQuery.Run(query, Seen(records, scope));
            JsonNode answered;
            try
            {
                answered = JsonNode.Parse((await runner.Run(workspace, App, query, scope)).Value.GetRawText())!;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{QueryPrinter.Print(query)} in {scope}", e);
            }

            Assert.True(JsonNode.DeepEquals(expected, answered),
                $"seed {seed}, {n}: {QueryPrinter.Print(query)} in {scope}\nexpected {expected.ToJsonString()}\nanswered {answered.ToJsonString()}");
        }
    }

    private static readonly string[] Scraps =
        ["a", "b.c", " ", "==", "in", "[", "]", "1", "-", "\"x\"", "\"", "`", "$p", "$", "(", ")", "|", "\n", "not ", " and ", " or ",
            "where ", "count", "limit 5", "object {", "}", ":", ",", "ref(", "exists ", "1e9", "-inf", "\0", "é", "\uD83D"];

    private static RecordScope Scope(QueryMaker maker) => maker.Next(4) switch
    {
        0 => new RecordScope(IncludeSuperseded: true, IncludeDeleted: maker.Next(2) == 0),
        1 => new RecordScope(IncludeDeleted: true),
        2 => new RecordScope(AsOf: new AsOf(maker.Next(90), null)),
        _ => RecordScope.Current,
    };

    private static List<Record> Seen(List<Record> records, RecordScope scope)
    {
        var last = scope.AsOf?.Row ?? long.MaxValue;
        return [.. records.Where(record => record.Row <= last)
            .Select(record => record.Superseded > last ? record with { Superseded = null } : record)
            .Where(record => (scope.IncludeSuperseded || record.Superseded is null) && (scope.IncludeDeleted || !record.Deleted))];
    }

    /// <summary>Sixty records, some of them changed, some deleted: all versions.</summary>
    private async Task<List<Record>> Fill(string workspace, QueryMaker maker)
    {
        var store = world.Services.GetRequiredService<RecordStore>();
        var ids = new List<string>();
        for (var n = 0; n < 90; n++)
        {
            var content = JsonDocument.Parse(maker.Content()).RootElement;
            var id = ids.Count > 0 && maker.Next(3) == 0 ? ids[maker.Next(ids.Count)] : null;
            var exists = id is not null && await store.Get(workspace, App, id) is not null;
            var change = exists && maker.Next(3) == 0 ? RecordChange.Delete(id!)
                : RecordChange.Save(content, id, maker.Next(3) == 0 ? "people" : null);
            ids.Add((await store.Change(workspace, App, maker.Next(2) == 0 ? "alice" : "ab", change)).Record.Id);
        }

        return [.. (await store.All(workspace, App, new RecordScope(IncludeSuperseded: true, IncludeDeleted: true), 0, 1000)).Records];
    }
}
