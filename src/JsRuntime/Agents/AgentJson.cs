using System.Text.Json;

namespace Remix.JsRuntime.Agents;

/// <summary>How we and the wrapper around an agent write to each other.</summary>
internal static class AgentJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Two levels for each that an author may nest: a value and its tag.</summary>
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 512 };

    private static ReadOnlySpan<byte> Start => "{\"p\":"u8;

    private static ReadOnlySpan<byte> Middle => ",\"e\":"u8;

    private static ReadOnlySpan<byte> End => "}"u8;

    /// <summary>The body of a run: parameters and environment.</summary>
    public static byte[] Body(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> env)
    {
        var body = new byte[Start.Length + parameters.Length + Middle.Length + env.Length + End.Length];
        var rest = body.AsSpan();
        Put(Start, ref rest);
        Put(parameters, ref rest);
        Put(Middle, ref rest);
        Put(env, ref rest);
        Put(End, ref rest);
        return body;
    }

    private static void Put(ReadOnlySpan<byte> piece, ref Span<byte> rest)
    {
        piece.CopyTo(rest);
        rest = rest[piece.Length..];
    }

    /// <summary>Reads what the wrapper answered.</summary>
    public static JsRunResult Result(AnswerMemory answer)
    {
        var root = JsonDocument.Parse(answer.Bytes, Depth).RootElement;
        var logs = root.GetProperty("l").EnumerateArray()
            .Select(line => new JsLogLine(line[0].GetString()!, line[1].GetString()!, line[2].GetInt32())).ToList();
        return root.TryGetProperty("e", out var error)
            ? new JsRunResult(JsOutcome.Failed, null, error.Deserialize<JsError>(Options), logs)
            : new JsRunResult(JsOutcome.Returned, root.GetProperty("v"), null, logs) { Memory = answer };
    }
}
