using System.Text;
using System.Text.Json;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Queries;

/// <summary>A query as people and agents send it: an AST in JSON, the same as a text, or the textual form.</summary>
internal static class QuerySource
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 8 * Query.DepthMax };

    private static readonly Query Nothing = new([]);

    /// <summary>The query; a fault with all problems, each below <paramref name="field"/>, when it is none.</summary>
    public static Query Read(JsonElement source, string field = "ast") => Checked(TryRead(source), field);

    public static Query Read(string source, string field = "ast") => Checked(TryRead(source), field);

    /// <summary>The query and what is wrong with it: it may be run only when nothing is.</summary>
    public static (Query Query, IReadOnlyList<Issue> Issues) TryRead(JsonElement source) => source.ValueKind == JsonValueKind.String
        ? TryRead(source.GetString()!)
        : Encoding.UTF8.GetByteCount(source.GetRawText()) > Query.BytesMax ? (Nothing, [TooLong()])
        : AstReader.Read(source);

    public static (Query Query, IReadOnlyList<Issue> Issues) TryRead(string source)
    {
        if (Encoding.UTF8.GetByteCount(source) > Query.BytesMax)
        {
            return (Nothing, [TooLong()]);
        }

        try
        {
            if (!source.TrimStart().StartsWith('['))
            {
                return (QueryParser.Parse(source), []);
            }

            using var document = JsonDocument.Parse(source, Deep);
            return AstReader.Read(document.RootElement);
        }
        catch (QuerySyntaxException e)
        {
            return (Nothing, [new Issue("invalid_syntax", [], e.Message)]);
        }
        catch (JsonException e)
        {
            return (Nothing, [new Issue("invalid_json", [], $"Line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: "
                + e.Message.Split(". LineNumber")[0])]);
        }
    }

    /// <summary>The query with values in the places of its parameters; all that are missing or do not fit are said at once.</summary>
    public static Query Bind(Query query, JsonElement values)
    {
        var binding = new ParamBinding(values);
        var bound = new Query([.. query.Stages.Select(stage => stage is Filter filter ? new Filter(binding.Bind(filter.Condition)) : stage)]);
        return binding.Issues.Count == 0 ? bound : throw Fault.Invalid(binding.Issues);
    }

    private static Query Checked((Query Query, IReadOnlyList<Issue> Issues) read, string field) => read.Issues.Count == 0 ? read.Query
        : throw Fault.Invalid([.. read.Issues.Select(issue => issue with { Path = [field, .. issue.Path] })]);

    private static Issue TooLong() => new("too_big", [], $"A query is at most {Query.BytesMax / 1024} KB long");
}
