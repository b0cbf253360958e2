using Remix.Platform.JavaScript;

namespace Remix.Creations.Scan.JavaScript;

/// <summary>
/// Where in a script a few browser names (<c>alert</c>, <c>location</c>…) mean something of the script's own: a
/// function, a variable, a parameter, an import. Scopes are brackets; that is close enough, since what slips through
/// meets the sandbox.
/// </summary>
internal sealed class JsScopes
{
    private const int PatternDepthMax = 8;
    private const int BlockDepthMax = 64;

    /// <summary>Beyond this many declarations a name is a minifier's, and nothing is said of it.</summary>
    private const int BindingsMax = 64;

    private static readonly string[] Watched =
        ["alert", "confirm", "prompt", "location", "navigation", "parent", "top", "self", "frames"];

    private readonly JsTokens tokens;
    private readonly JsBrackets brackets;
    private readonly JsAliases aliases;
    private readonly Dictionary<string, List<(int Start, int End)>> scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(int Start, int End, int At)>> bindings = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> declarations = [];

    public JsScopes(JsTokens tokens, JsBrackets brackets)
    {
        (this.tokens, this.brackets) = (tokens, brackets);
        aliases = new JsAliases(tokens, brackets);
        foreach (var name in aliases.Names) bindings[name] = [];

        var changed = new List<int>();
        for (var i = 0; i < tokens.Count; i++)
        {
            FollowDeclarations(i);
            if (tokens[i].Kind != JsTokenKind.Name || tokens.NameAt(i) is not { } name) continue;
            var isAlias = bindings.TryGetValue(name, out var bound);
            if (!isAlias && !Watched.Contains(name)) continue;
            if (ScopeOf(i) is { } scope)
            {
                if (bound?.Count <= BindingsMax) bound.Add((scope.Start, scope.End, i));
                if (aliases.MeaningOf(i) is null && Watched.Contains(name)) Own(name, scope);
            }
            else if (isAlias && !tokens[i].IsProperty && tokens.IsPunctuator(i + 1, "=")) changed.Add(i);
        }

        foreach (var known in scopes.Values) Merge(known);
        foreach (var i in changed) aliases.Forget(DeclarationOf(tokens.NameAt(i)!, i));
    }

    /// <summary>What a name means at a token when the script gave it to a thing of the browser's, else null.</summary>
    public JsPath? AliasAt(string name, int index) => aliases.MeaningOf(DeclarationOf(name, index));

    /// <summary>The same at the very token that declares the name.</summary>
    public JsPath? AliasDeclaredAt(int index) => aliases.MeaningOf(index);

    private void Own(string name, (int Start, int End) scope)
    {
        if (!scopes.TryGetValue(name, out var known)) scopes[name] = known = [];
        known.Add(scope);
    }

    /// <summary>Where the name that a token uses was declared, the innermost such place; -1 when not known.</summary>
    private int DeclarationOf(string name, int index)
    {
        if (!bindings.TryGetValue(name, out var known) || known.Count > BindingsMax) return -1;
        var (size, found) = (int.MaxValue, -1);
        foreach (var (start, end, declared) in known)
        {
            if (index < start || index >= end || end - start >= size) continue;
            (size, found) = (end - start, declared);
        }
        return found;
    }

    public bool IsOwn(string name, int index)
    {
        if (!scopes.TryGetValue(name, out var known)) return false;
        var (low, high) = (0, known.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (index < known[middle].Start) high = middle - 1;
            else if (index >= known[middle].End) low = middle + 1;
            else return true;
        }
        return false;
    }

    // Remembers, for each bracket, the const, let or var whose list of names is still going on.
    private void FollowDeclarations(int i)
    {
        var around = brackets.Around(i);
        if (tokens[i].Kind == JsTokenKind.Name && !tokens[i].IsProperty && IsAny(i, "const", "let", "var"))
            declarations[around] = i;
        else if (tokens.IsPunctuator(i, ";") || (tokens[i].NewlineBefore
            && !tokens.IsPunctuator(i - 1, ",") && !tokens.IsPunctuator(i, ",") && !tokens.IsPunctuator(i, "=")))
            declarations.Remove(around);
    }

    private (int Start, int End)? ScopeOf(int i)
    {
        if (IsAny(i - 1, "function", "class") || (tokens.IsPunctuator(i - 1, "*") && tokens.IsName(i - 2, "function")))
            return Block(brackets.Around(i));
        var isOverride = tokens.IsPunctuator(i + 1, "=") && IsGlobalOverride(i);
        if (isOverride || IsAny(i - 1, "import", "as")) return (0, tokens.Count);
        if (tokens.IsPunctuator(i + 1, "=>")) return Body(i, i + 1);

        var pattern = i;
        for (var depth = 0; depth < PatternDepthMax && IsElement(pattern); depth++)
        {
            var around = brackets.Around(pattern);
            if (IsAny(pattern - 1, "const", "let", "var")) return Declared(pattern - 1);
            if (declarations.TryGetValue(around, out var keyword)
                && tokens.IsPunctuator(pattern - 1, ",")) return Declared(keyword);
            if (tokens.IsName(around - 1, "import")) return (0, tokens.Count);
            if (tokens.IsPunctuator(around, "(")) return Parameters(around);
            pattern = around;
        }
        return null;
    }

    /// <summary>
    /// The token may be part of a pattern: it follows a bracket, a comma, a colon or a keyword, and no value.
    /// </summary>
    private bool IsElement(int i) => i >= 0 && (IsAny(i - 1, "const", "let", "var")
        || (i > 0 && tokens[i - 1].Kind == JsTokenKind.Punctuator
            && tokens.Raw(tokens[i - 1]) is "(" or "," or "[" or "{" or ":" or "...")
            && !tokens.IsPunctuator(i + 1, "."));

    private bool IsGlobalOverride(int i) => tokens.NameAt(i) is "alert" or "confirm" or "prompt"
        && (!tokens[i].IsProperty || IsAny(i - 2, "window", "globalThis", "self"));

    private (int, int)? Parameters(int open)
    {
        var close = brackets.PartnerOf(open);
        if (close < 0 || IsAny(open - 1, "if", "while", "switch", "with", "for")) return null;
        var isParameters = tokens.IsPunctuator(close + 1, "=>") || tokens.IsPunctuator(close + 1, "{");
        return isParameters ? Body(open, close + 1) : null;
    }

    private (int, int) Body(int start, int arrowOrBrace)
    {
        var brace = tokens.IsPunctuator(arrowOrBrace, "{") ? arrowOrBrace : arrowOrBrace + 1;
        return (start, brackets.EndOf(tokens.IsPunctuator(brace, "{") ? brace : brackets.Around(start)));
    }

    private (int, int) Declared(int keyword)
    {
        var block = brackets.Around(keyword);
        if (tokens.IsPunctuator(block, "(")) return Body(block, brackets.EndOf(block) + 1);
        for (var depth = 0; depth < BlockDepthMax && tokens.IsName(keyword, "var") && IsPlainBlock(block); depth++)
            block = brackets.Around(block);
        return Block(block);
    }

    private bool IsPlainBlock(int brace) =>
        tokens.IsPunctuator(brace, "{") && (IsAny(brace - 1, "else", "try", "finally", "do")
        || (tokens.IsPunctuator(brace - 1, ")") && brackets.PartnerOf(brace - 1) is > 0 and var open
            && IsAny(open - 1, "if", "for", "while", "switch", "catch", "with")));

    private (int, int) Block(int open) => (Math.Max(open, 0), brackets.EndOf(open));

    private bool IsAny(int index, params ReadOnlySpan<string> names)
    {
        if (!tokens.IsKind(index, JsTokenKind.Name)) return false;
        foreach (var name in names)
        {
            if (tokens.IsName(index, name)) return true;
        }
        return false;
    }

    private static void Merge(List<(int Start, int End)> ranges)
    {
        ranges.Sort();
        var kept = 0;
        for (var i = 1; i < ranges.Count; i++)
        {
            if (ranges[i].Start <= ranges[kept].End)
                ranges[kept] = (ranges[kept].Start, Math.Max(ranges[kept].End, ranges[i].End));
            else ranges[++kept] = ranges[i];
        }
        if (ranges.Count > 0) ranges.RemoveRange(kept + 1, ranges.Count - kept - 1);
    }
}
