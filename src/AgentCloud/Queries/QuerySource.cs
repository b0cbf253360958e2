using System.Text;
using System.Text.Json;
using Remix.AgentCloud.Records;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Queries;

/// <summary>A query as people and agents send it: an AST in JSON, the same as a text, or the textual form.</summary>
internal static class QuerySource
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 8 * Query.DepthMax };

    /// <summary>The query; a fault with all problems when it is none.</summary>
    public static Query Read(JsonElement source, string field = "ast") => source.ValueKind == JsonValueKind.String
        ? Read(source.GetString()!, field)
        : Encoding.UTF8.GetByteCount(source.GetRawText()) > Query.BytesMax ? throw TooLong(field)
        : OfAst(source, field);

    public static Query Read(string source, string field = "ast")
    {
        if (Encoding.UTF8.GetByteCount(source) > Query.BytesMax)
        {
            throw TooLong(field);
        }

        try
        {
            if (!source.TrimStart().StartsWith('['))
            {
                return QueryParser.Parse(source);
            }

            using var document = JsonDocument.Parse(source, Deep);
            return OfAst(document.RootElement, field);
        }
        catch (QuerySyntaxException e)
        {
            throw Fault.Invalid([new Issue("invalid_syntax", [field], e.Message)]);
        }
        catch (JsonException e)
        {
            throw Fault.Invalid([new Issue("invalid_json", [field], $"Line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: "
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

    private static Query OfAst(JsonElement ast, string field)
    {
        var (query, issues) = AstReader.Read(ast);
        return issues.Count == 0 ? query : throw Fault.Invalid([.. issues.Select(issue => issue with { Path = [field, .. issue.Path] })]);
    }

    private static Fault TooLong(string field) =>
        Fault.Invalid([new Issue("too_big", [field], $"A query is at most {Query.BytesMax / 1024} KB long")]);
}
