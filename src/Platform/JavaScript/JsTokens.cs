namespace Remix.Platform.JavaScript;

/// <summary>A script's tokens without its comments, and questions about them.</summary>
public sealed class JsTokens
{
    private readonly List<JsToken> code;

    public JsTokens(string source, List<JsToken> all, long steps)
    {
        Source = source;
        All = all;
        Steps = steps;
        code = [.. all.Where(token => token.Kind != JsTokenKind.Comment)];
    }

    public string Source { get; }

    /// <summary>Every token in order, comments among them.</summary>
    public IReadOnlyList<JsToken> All { get; }

    /// <summary>Characters the tokenizer looked at: grows with the source's length and no faster.</summary>
    public long Steps { get; }

    public int Count => code.Count;

    public JsToken this[int index] => code[index];

    public ReadOnlySpan<char> Raw(JsToken token) => Source.AsSpan(token.Start, token.End - token.Start);

    public bool IsKind(int index, JsTokenKind kind) => (uint)index < (uint)Count && code[index].Kind == kind;

    public bool IsPunctuator(int index, string text) =>
        IsKind(index, JsTokenKind.Punctuator) && Raw(code[index]).SequenceEqual(text);

    /// <summary>The decoded name at an index, null where no name stands.</summary>
    public string? NameAt(int index)
    {
        if (!IsKind(index, JsTokenKind.Name)) return null;
        var token = code[index];
        return token.Escaped ? JsText.DecodeName(Raw(token)) : Raw(token).ToString();
    }

    public bool IsName(int index, string name)
    {
        if (!IsKind(index, JsTokenKind.Name)) return false;
        var token = code[index];
        return token.Escaped ? JsText.DecodeName(Raw(token)).AsSpan().SequenceEqual(name)
            : Raw(token).SequenceEqual(name);
    }

    /// <summary>
    /// The value of the literal at an index, null unless it is a string or a template without substitutions.
    /// </summary>
    public string? LiteralAt(int index)
    {
        if ((uint)index >= (uint)Count) return null;
        var token = code[index];
        var raw = Raw(token);
        var isLiteral = token.Kind == JsTokenKind.String
            || (token.Kind == JsTokenKind.Template && raw.Length > 1 && raw[0] == '`' && raw[^1] == '`');
        return isLiteral ? JsText.DecodeLiteral(raw) : null;
    }
}
