using Remix.AgentCloud.Queries;
using Remix.Platform.Faults;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Queries;

/// <summary>What is read as a query and what is refused, with the place of each mistake.</summary>
public class QueryReadingTests
{
    [Theory]
    [InlineData("""["comparison","==","name","Ada"]""", "where name == \"Ada\"")]
    [InlineData("""[["comparison",">",["token","age"],30],["limit",5]]""", "where age > 30 | limit 5")]
    [InlineData("""["comparison","in",["objectMember","address","city"],["Paris","London"]]""", "where address.city in [\"Paris\", \"London\"]")]
    [InlineData("""["comparison","in","tags",["param","tags"]]""", "where tags in $tags")]
    [InlineData("""["comparison","in","tags",["array",["param","tags"]]]""", "where tags in [\"param\", \"tags\"]")]
    [InlineData("""["comparison","==","by",{"_rmx_type":"{tag}case:db.ref","_rmx_value":"x1"}]""", "where by == ref(\"x1\")")]
    [InlineData("""["comparison","==","by",{"_rmx_type":"{tag}db.ref","_rmx_value":"x1"}]""", "where by == ref(\"x1\")")]
    [InlineData("""["exists",["objectMember",["token","größe"],"日本"]]""", "where exists größe.日本")]
    [InlineData("""["comparison","<","n",{"_rmx_type":"{tag}neginf","_rmx_value":null}]""", "where n < -inf")]
    [InlineData("""["not",["and",[["exists","a"],["or",[["exists","b"],["exists","c"]]]]]]""", "where not (exists a and (exists b or exists c))")]
    [InlineData("""["and",[]]""", "where true")]
    [InlineData("""[["object",[["n","name"],["where",["objectMember","address","city"]]]],["invoke",["token","orderDesc"],["n"]]]""",
        "object {n: name, `where`: address.city} | orderDesc n")]
    [InlineData("""["object",{"n":"name","k":["value","v"],"one":1,"in":["object",{"x":"y"}]}]""",
        "object {n: name, k: \"v\", one: 1, `in`: {x: y}}")]
    [InlineData("""[["invoke",["token","group"],["city"]],["invoke",["token","count"],[]]]""", "group city | count")]
    [InlineData("[]", "all")]
    public void An_AST_is_read(string ast, string text)
    {
        var query = QuerySource.Read(ast);
        Assert.Equal(text, QueryPrinter.Print(query));
        Assert.Equal(AstWriter.Write(query), AstWriter.Write(QuerySource.Read(text)));
    }

    [Theory]
    [InlineData("""["comparison","=","a",1]""", "ast.1")]
    [InlineData("""["comparison","==","a"]""", "ast")]
    [InlineData("""["comparison","==","a",{"x":1}]""", "ast.3")]
    [InlineData("""["comparison","like","a",1]""", "ast.3")]
    [InlineData("""["comparison","in","a","x"]""", "ast.3")]
    [InlineData("""["comparison","==",1,1]""", "ast.2")]
    [InlineData("""["comparison","==","_rmx_secret",1]""", "ast.2")]
    [InlineData("""["comparison","contains","_rmx_created_at","2026"]""", "ast.3")]
    [InlineData("""["comparison","==","a\u0000b",1]""", "ast.2")]
    [InlineData("""["comparison","==","a",["param","1x"]]""", "ast.3.1")]
    [InlineData("""["drop","table"]""", "ast.0")]
    [InlineData("""["exists"]""", "ast")]
    [InlineData("""["exists",["objectMember","a"]]""", "ast.1")]
    [InlineData("""["and",1]""", "ast.1")]
    [InlineData("""["and",[1,["not",2]]]""", "ast.1.0", "ast.1.1.1")]
    [InlineData("""["limit",10001]""", "ast.1")]
    [InlineData("""["skip",-1]""", "ast.1")]
    [InlineData("""["limit",1.5]""", "ast.1")]
    [InlineData("""["invoke",["token","sum"],[]]""", "ast.1")]
    [InlineData("""["invoke",["token","count"],["a"]]""", "ast.2")]
    [InlineData("""[["invoke",["token","count"],[]],["limit",1]]""", "ast.1")]
    [InlineData("""["object",[["a","b"],["a","c"]]]""", "ast.1.1.1")]
    [InlineData("""["object",5]""", "ast.1")]
    [InlineData("""[["comparison","~","a",1],["what"],7]""", "ast.0.1", "ast.1.0", "ast.2")]
    [InlineData("""["exists","\ud800"]""", "ast")]
    [InlineData("""["exists" """, "ast")]
    [InlineData("""["objectMember","a","b"]""", "ast.0")]
    public void A_bad_AST_is_refused_with_every_mistake_in_its_place(string ast, params string[] places) => AssertRefused(ast, places);

    [Theory]
    [InlineData("age >", "Line 1, column 6: expected a value")]
    [InlineData("age > > 3", "Line 1, column 7: expected a value")]
    [InlineData("age is 3", "Line 1, column 5: expected an operator")]
    [InlineData("age > 3 |\n  limit x", "Line 2, column 9: limit takes a whole number")]
    [InlineData("name == \"Ada", "Line 1, column 9: this text has no closing quote")]
    [InlineData("name == 'Ada'", "Line 1, column 9: a text is written in double quotes")]
    [InlineData("größe == 💥", "Line 1, column 10: '💥' means nothing here")]
    [InlineData("count > 3", "Line 1, column 7: expected | and a stage, or the end; found >")]
    [InlineData("a == 1 and in == 2", "Line 1, column 12: in is a word of the language: write `in` in backquotes")]
    [InlineData("a in 1", "Line 1, column 6: expected [, found 1")]
    [InlineData("(a == 1", "Line 1, column 8: expected ), found the end")]
    [InlineData("a == 1 )", "Line 1, column 8: expected |")]
    [InlineData("a == $", "Line 1, column 6: the name of a parameter")]
    [InlineData("_rmx_x == 1", "Line 1, column 1: _rmx_x is none of")]
    [InlineData("object {a: b, a: c}", "Line 1, column 15: a is there twice")]
    [InlineData("count | limit 3", "Line 1, column 9: nothing can follow count")]
    [InlineData("", "Line 1, column 1: expected the name of a field, found the end")]
    [InlineData("a == 1..2", "Line 1, column 6: '1..2' is no number")]
    [InlineData("a == 01", "Line 1, column 6: '01' is no number")]
    [InlineData("a == 1.e5", "Line 1, column 6: '1.e5' is no number")]
    [InlineData("a == bin(\"!\")", "Line 1, column 10: A {tag}bin has base64")]
    public void A_bad_text_is_refused_at_its_line_and_column(string text, string problem)
    {
        var fault = Assert.Throws<Fault>(() => QuerySource.Read(text));
        Assert.StartsWith(problem, Assert.Single(fault.Details!).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_deep_or_too_large_is_refused()
    {
        AssertRefused(string.Concat(Enumerable.Repeat("[\"not\",", 100)) + "[\"exists\",\"a\"]" + new string(']', 100));
        AssertRefused(string.Concat(Enumerable.Repeat("[\"not\",", 10_000)) + "1" + new string(']', 10_000));
        AssertRefused($"[\"and\",[{string.Join(',', Enumerable.Repeat("[\"exists\",\"a\"]", 1001))}]]");
        AssertRefused($"[\"comparison\",\"in\",\"a\",[{string.Join(',', Enumerable.Range(0, 1001))}]]");
        AssertRefused($"[\"exists\",[\"objectMember\",{string.Join(',', Enumerable.Repeat("\"a\"", 9))}]]");
        AssertRefused($"[{string.Join(',', Enumerable.Repeat("[\"limit\",1]", 51))}]");
        AssertRefused($"[\"exists\",\"{new string('a', 257)}\"]");
        AssertRefused($"[\"comparison\",\"like\",\"a\",\"{new string('a', 501)}\"]");
        AssertRefused(new string(' ', 70_000) + "[]");
        AssertRefused(string.Concat(Enumerable.Repeat("not ", 5000)) + "a == 1");
        AssertRefused(new string('(', 5000));
        AssertRefused(string.Join(" | ", Enumerable.Repeat("limit 1", 51)));
    }

    [Fact]
    public void The_documents_two_forms_are_one_query()
    {
        var blocks = File.ReadAllText(Path.Combine(Repository.Root, "docs/subsystems/cloud-queries.md")).Split("```");
        var ast = AstWriter.Write(QuerySource.Read(blocks[3]["json".Length..]));
        Assert.Equal(ast, AstWriter.Write(QuerySource.Read(blocks[1])));
    }

    private static void AssertRefused(string source, params string[] places)
    {
        var fault = Assert.Throws<Fault>(() => QuerySource.Read(source));
        Assert.Equal(400, fault.Status);
        Assert.NotEmpty(fault.Details!);
        if (places.Length > 0)
        {
            Assert.Equal(places, fault.Details!.Select(issue => string.Join('.', issue.Path)));
        }
    }
}
