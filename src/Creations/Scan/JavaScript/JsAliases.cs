using Remix.Platform.JavaScript;

namespace Remix.Creations.Scan.JavaScript;

/// <summary>
/// Names that a script gives to the browser's own things: <c>const d = document</c>, <c>{ location: l } = window</c>,
/// the parameters of a function that is called at once. What may be such a name is found here, by its token;
/// <see cref="JsScopes"/> knows how far it reaches.
/// </summary>
internal sealed class JsAliases
{
    /// <summary>What is worth following: the places where the rules begin, and what leads to them.</summary>
    private static readonly HashSet<string> Followed = new(StringComparer.Ordinal)
    {
        "window", "self", "globalThis", "frames", "document", "location", "parent", "top",
        "alert", "confirm", "prompt", "Function",
    };

    private readonly JsTokens tokens;
    private readonly JsBrackets brackets;
    private readonly Dictionary<int, JsPath> meanings = [];

    public JsAliases(JsTokens tokens, JsBrackets brackets)
    {
        (this.tokens, this.brackets) = (tokens, brackets);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens.IsPunctuator(i, "=")) Given(i);
            else if (tokens.IsPunctuator(i, "(")) Called(i);
        }
    }

    /// <summary>The names that are aliases somewhere.</summary>
    public IEnumerable<string> Names => meanings.Keys.Select(index => tokens.NameAt(index)!);

    /// <summary>What the name that is declared at a token means, null when it is no alias.</summary>
    public JsPath? MeaningOf(int declared) => meanings.GetValueOrDefault(declared);

    /// <summary>Something else is given to the name, so nothing is known of it.</summary>
    public void Forget(int declared) => meanings.Remove(declared);

    /// <summary>A name or a pattern to the left of the equals sign, and a browser's thing to its right.</summary>
    private void Given(int equals)
    {
        if (JsPath.At(tokens, equals + 1) is not { } path || !IsFollowed(path) || !EndsAt(path.End)) return;
        if (IsPlainName(equals - 1)) meanings[equals - 1] = path;
        else if (tokens.IsPunctuator(equals - 1, "}")) Taken(brackets.PartnerOf(equals - 1), equals - 1, path);
    }

    private void Taken(int open, int close, JsPath from)
    {
        for (var i = open + 1; open >= 0 && i < close; i++)
        {
            var isFirst = tokens.IsPunctuator(i - 1, "{") || tokens.IsPunctuator(i - 1, ",");
            if (!isFirst || brackets.Around(i) != open || tokens.NameAt(i) is not { } key) continue;
            var name = tokens.IsPunctuator(i + 1, ":") ? i + 2 : i;
            if (tokens.IsKind(name, JsTokenKind.Name)) meanings[name] = from.Then(key);
        }
    }

    /// <summary><c>(function (w, d) { … })(window, document)</c>, in any of its spellings.</summary>
    private void Called(int open)
    {
        var end = tokens.IsPunctuator(open - 1, ")") && tokens.IsPunctuator(open - 2, "}") ? open - 2 : open - 1;
        if (!tokens.IsPunctuator(end, "}") || brackets.PartnerOf(end) is not (> 0 and var body)) return;
        var close = tokens.IsPunctuator(body - 1, "=>") ? body - 2 : body - 1;
        if (!tokens.IsPunctuator(close, ")") || brackets.PartnerOf(close) is not (> 0 and var parameters)) return;
        var isFunction = tokens.IsPunctuator(body - 1, "=>") || tokens.IsName(parameters - 1, "function")
            || tokens.IsName(parameters - 2, "function");
        if (!isFunction) return;

        var (argument, name) = (open + 1, parameters + 1);
        while (IsPlainName(name) && JsPath.At(tokens, argument) is { } path && IsArgumentEnd(path.End))
        {
            if (IsFollowed(path)) meanings[name] = path;
            if (!tokens.IsPunctuator(path.End, ",") || !tokens.IsPunctuator(name + 1, ",")) return;
            (argument, name) = (path.End + 1, name + 2);
        }
    }

    private bool IsArgumentEnd(int index) => tokens.IsPunctuator(index, ",") || tokens.IsPunctuator(index, ")");

    private bool IsPlainName(int index) => tokens.IsKind(index, JsTokenKind.Name) && !tokens[index].IsProperty;

    private static bool IsFollowed(JsPath path) => path.Names.Count <= 2 && Followed.Contains(path[0]!);

    /// <summary>Whether the value ends here: what goes on, as in <c>window || x</c>, is another value.</summary>
    private bool EndsAt(int index) => index >= tokens.Count
        || (tokens[index].Kind == JsTokenKind.Punctuator
            ? tokens.Raw(tokens[index]) is ";" or "," or ")" or "}" or "]" : tokens[index].NewlineBefore);
}
