using System.Text.Json;
using Remix.AgentCloud.Records;
using Remix.Platform.Faults;

namespace Remix.Tests.AgentCloud.Records;

public class RecordContentTests
{
    [Theory]
    [InlineData("""{"b":1,"a":{"d":[],"c":null}}""", """{"a":{"c":null,"d":[]},"b":1}""")]
    [InlineData("""{"n":1.0,"m":-0.0,"e":1e21,"x":0.1}""", """{"e":1E+21,"m":0,"n":1,"x":0.1}""")]
    [InlineData("""{"r":{"_rmx_value":"abc","_rmx_type":"{tag}db.ref"}}""", """{"r":{"_rmx_type":"{tag}db.ref","_rmx_value":"abc"}}""")]
    [InlineData("""{"b":{"_rmx_type":"{tag}bin","_rmx_value":"AQID"}}""", """{"b":{"_rmx_type":"{tag}bin","_rmx_value":"AQID"}}""")]
    [InlineData("""{"v":{"_rmx_type":"{tag}case:ok","_rmx_value":{"x":1}}}""", """{"v":{"_rmx_type":"{tag}case:ok","_rmx_value":{"x":1}}}""")]
    [InlineData("""{"s":{"_rmx_type":"{str}{tag}bin"}}""", """{"s":{"_rmx_type":"{str}{tag}bin"}}""")]
    [InlineData("""{"_rmx_id":"x","_rmx_deleted":true,"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("""{"é\u00e9":"\ud83d\ude00"}""", """{"éé":"\uD83D\uDE00"}""")]
    public void Content_is_written_in_one_way_only(string content, string canonical) =>
        Assert.Equal(canonical, RecordContent.Read(Json(content)).Json);

    [Theory]
    [InlineData("[1]", "")]
    [InlineData("""{"_rmx_type":"{tag}nan","_rmx_value":null}""", "")]
    [InlineData("""{"_rmx_mine":1,"a":1e400,"b":"\u0000"}""", "_rmx_mine", "a", "b")]
    [InlineData("""{"b":{"_rmx_type":"{tag}bin","_rmx_value":"!"},"r":[{"_rmx_type":"{tag}db.ref","_rmx_value":7}]}""", "b", "r.0")]
    [InlineData("""{"a":"\ud800"}""", "")]
    [InlineData("""{"\udc00":1}""", "")]
    public void Bad_content_is_refused_with_all_its_problems(string content, params string[] places)
    {
        var fault = Assert.Throws<Fault>(() => RecordContent.Read(Json(content)));
        Assert.Equal(places, fault.Details!.Select(issue => string.Join('.', issue.Path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_too_large_too_deep_or_too_much_is_refused()
    {
        Refused($$"""{"a":"{{new string('x', RecordContent.BytesMax)}}"}""", "too_big");
        Refused(string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40), "too_big");
        Refused($"{{{string.Join(',', Enumerable.Range(0, 2001).Select(n => $"\"f{n}\":{n}"))}}}", "too_big");
        Refused($$"""{"{{new string('x', 257)}}":1}""", "invalid_string");
    }

    [Fact]
    public void Long_lists_and_deep_maps_are_kept_though_not_indexed()
    {
        var longList = RecordContent.Read(Json($$"""{"list":[{{string.Join(',', Enumerable.Range(0, 20_000))}}]}"""));
        Assert.Equal(new FieldEntry(new FieldPath(["list"]).Field, FieldValue.List(20_000)), Assert.Single(longList.Entries));
        var deep = RecordContent.Read(Json(string.Concat(Enumerable.Repeat("{\"a\":", 20)) + "1" + new string('}', 20)));
        Assert.Equal(FieldPath.DepthMax, deep.Entries.Count);
    }

    [Fact]
    public void Texts_are_ordered_by_code_points()
    {
        string[] ordered = ["", "A", "a", "é", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0010FFFF"];
        Assert.Equal(ordered, ordered.Reverse().OrderBy(text => text, Comparer<string>.Create(FieldValue.CompareTexts)));
    }

    private static void Refused(string content, string code)
    {
        var fault = Assert.Throws<Fault>(() => RecordContent.Read(Json(content)));
        Assert.Equal((400, code), (fault.Status, fault.Details![0].Code));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
