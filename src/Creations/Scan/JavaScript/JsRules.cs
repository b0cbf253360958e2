using System.Globalization;
using Remix.Creations.Scan.Styles;
using Remix.Platform.JavaScript;

namespace Remix.Creations.Scan.JavaScript;

/// <summary>
/// Reads a script's tokens against the rules of <see cref="ScanRule"/>. Comments, strings and properties of the
/// script's own objects never match; names put together at run time are left to the Content-Security-Policy.
/// </summary>
internal sealed class JsRules
{
    /// <summary>Where nothing follows that a rule could look at.</summary>
    private const int Nowhere = -9;

    private readonly JsTokens tokens;
    private readonly JsBrackets brackets;
    private readonly JsScopes scopes;
    private readonly ScanPlace place;
    private readonly Findings findings;

    private JsRules(JsTokens tokens, ScanPlace place, Findings findings)
    {
        (this.tokens, this.place, this.findings) = (tokens, place, findings);
        brackets = new JsBrackets(tokens);
        scopes = new JsScopes(tokens, brackets);
    }

    /// <summary>Scans a script. When its goal is not known and makes a difference, it is read both ways.</summary>
    public static void Scan(string source, JsGoal? goal, ScanPlace place, Findings findings)
    {
        new JsRules(JsTokenizer.Read(source, goal ?? JsGoal.Script), place, findings).ScanTokens();
        var isReadBothWays = goal is null && (source.Contains("<!--", StringComparison.Ordinal)
            || source.Contains("-->", StringComparison.Ordinal) || source.Contains("await", StringComparison.Ordinal));
        if (isReadBothWays) new JsRules(JsTokenizer.Read(source, JsGoal.Module), place, findings).ScanTokens();
    }

    private void ScanTokens()
    {
        for (var i = 0; i < tokens.Count && !findings.IsFull; i++)
        {
            if (tokens[i].Kind == JsTokenKind.Name)
            {
                // What is declared is not used yet; but { cookie } = document takes it already.
                if (scopes.AliasDeclaredAt(i) is { } taken) Global(taken with { Start = i, End = Nowhere });
                else if (JsPath.At(tokens, i) is { } path && !IsOwnWindow(i)) Global(Meant(path));
                Member(i, tokens.NameAt(i)!, i + 1);
            }
            else if (tokens.IsPunctuator(i, "[") && tokens.IsPunctuator(i + 2, "]")
                && tokens.LiteralAt(i + 1) is { } literal)
                Member(i, literal, i + 3);
        }
    }

    /// <summary>The path with the browser's name in place of one that the script gave it.</summary>
    private JsPath Meant(JsPath path)
    {
        if (scopes.AliasAt(path[0]!, path.Start) is not { } meaning) return path;
        var isRenamed = path.Names.Count == 1 && IsAssigned(path.End);
        return isRenamed || (meaning.IsFree && scopes.IsOwn(meaning[0]!, meaning.Start)) ? path
            : meaning.Then(path.Names.Skip(1)) with { Start = path.Start, End = path.End };
    }

    /// <summary><c>var self = this</c>: a window's name, and the script's own thing.</summary>
    private bool IsOwnWindow(int i) => tokens.NameAt(i) is ("self" or "frames") and var name && scopes.IsOwn(name, i);

    private void Global(JsPath path)
    {
        switch (path[0])
        {
            case "eval":
                Forbid(ScanRule.Eval, "eval()", path);
                break;
            case "Function" when IsCalled(path, 1) || tokens.IsName(path.Start - 1, "new"):
                Forbid(ScanRule.Eval, tokens.IsName(path.Start - 1, "new") ? "new Function()" : "Function()", path);
                break;
            case "setTimeout" or "setInterval" when path[1] is null && IsTextArgument(path.End):
                Forbid(ScanRule.Eval, $"{path[0]}() with a string", path);
                break;
            case "alert" or "confirm" or "prompt" when (IsCalled(path, 1) || IsHandedOn(path)) && !IsOwn(path):
                Forbid(ScanRule.Dialog, $"{path[0]}()", path);
                break;
            case "parent" or "top" when path[1] is "postMessage" && !IsOwn(path):
                Forbid(ScanRule.PostMessage, $"{path[0]}.postMessage()", path);
                break;
            case "parent" or "top" or "document" when path[1] is "location" && (path[0] is "document" || !IsOwn(path)):
                Location(path.Rest(), path.ToString());
                break;
            case "document": Document(path); break;
            case "location" when !IsOwn(path): Location(path, path.ToString()); break;
            case "Object" or "Reflect" when path[1] is "assign" or "set" && IsLocation(path.End + 1):
                Forbid(ScanRule.Redirect, $"{path}(location)", path);
                break;
            case "navigation" when path[1] is "navigate" && IsCalled(path, 2) && !IsOwn(path)
                && !IsEntry(path.End + 1):
                Forbid(ScanRule.Redirect, "navigation.navigate()", path);
                break;
            case "open" when path[1] is null && tokens.IsPunctuator(path.End, "("): Open(path); break;
            case "import" or "importScripts" when path[1] is null && tokens.IsPunctuator(path.End, "("):
                Import(path.Start, path.End + 1);
                break;
            case "Worker" or "SharedWorker" when tokens.IsName(path.Start - 1, "new"):
                Import(path.Start, path.End + 1);
                break;
            case "import": Import(path.Start, path.Start + 1); break;
            case "from" when tokens.IsKind(path.Start + 1, JsTokenKind.String):
                Import(path.Start, path.Start + 1);
                break;
        }
    }

    private void Document(JsPath path)
    {
        if (path[1] is "cookie") Forbid(ScanRule.Cookie, "document.cookie", path);
        if (path[1] is "write" or "writeln") Forbid(ScanRule.DocumentWrite, $"document.{path[1]}()", path);
    }

    private void Location(JsPath path, string text)
    {
        var leaves = path.Names.Count switch
        {
            1 => IsAssigned(path.End),
            2 when path[1] is "assign" or "replace" => tokens.IsPunctuator(path.End, "(")
                || tokens.IsPunctuator(path.End, "?."),
            2 => path[1] is "href" or "pathname" or "search" or "host" or "hostname" or "port" or "protocol"
                && IsAssigned(path.End),
            _ => path[1] is "assign" or "replace" && IsCalled(path, 2),
        };
        if (leaves) Forbid(ScanRule.Redirect, IsAssigned(path.End) ? $"{text} = …" : $"{text}()", path);
    }

    private void Open(JsPath path)
    {
        var target = tokens.IsPunctuator(path.End + 2, ",") ? tokens.LiteralAt(path.End + 3) : null;
        if (target is "_self" or "_top" or "_parent")
            Forbid(ScanRule.Redirect, $"window.open(…, \"{target}\")", path);
    }

    private void Import(int start, int specifier)
    {
        if (tokens.LiteralAt(specifier) is not { } address) return;
        if (WebAddress.Classify(address) is AddressKind.Local or AddressKind.Cdn) return;
        var what = $"import of {WebAddress.Shorten(address)}";
        findings.Forbid(ScanRule.ExternalScript, what, place, tokens[start].Start);
    }

    /// <summary>
    /// Members that are forbidden on any object: the name is at <paramref name="i"/>, the member ends before <paramref
    /// name="end"/>.
    /// </summary>
    private void Member(int i, string name, int end)
    {
        switch (name)
        {
            case "zIndex" or "z-index" when tokens.IsPunctuator(end, "=") && NumberAt(end + 1) > ScanLimits.ZIndexMax:
                ForbidZIndex(i, end + 1);
                break;
            case "zIndex" when tokens.IsPunctuator(end, ":") && NumberAt(end + 1) > ScanLimits.ZIndexMax
                && IsStyle(brackets.Around(i)):
                ForbidZIndex(i, end + 1);
                break;
            case "setProperty" when tokens.LiteralAt(end + 1) is "z-index" && NumberAt(end + 3) > ScanLimits.ZIndexMax:
                ForbidZIndex(i, end + 3);
                break;
            case "createElement" when tokens.IsPunctuator(end, "("): Created(i, tokens.LiteralAt(end + 1)); break;
            case "createElementNS" when tokens.IsPunctuator(end + 2, ","):
                Created(i, tokens.LiteralAt(end + 3));
                break;
            case "cssText" when IsAssigned(end) && tokens.LiteralAt(end + 1) is { } styles:
                CssRules.Scan(styles, PlaceOf(end + 1), findings);
                break;
            case "setAttribute" when tokens.LiteralAt(end + 1) is "style" && tokens.LiteralAt(end + 3) is { } styles:
                CssRules.Scan(styles, PlaceOf(end + 3), findings);
                break;
            case "constructor" when tokens.IsPunctuator(end, "(") && tokens.LiteralAt(end + 1) is not null
                && tokens.IsPunctuator(end + 2, ")") && tokens.IsPunctuator(end + 3, "("):
                findings.Forbid(ScanRule.Eval, "constructor()", place, tokens[i].Start);
                break;
            case "constructor" when tokens.IsPunctuator(end, ".") && tokens.IsName(end + 1, "constructor")
                && tokens.IsPunctuator(end + 2, "("):
                findings.Forbid(ScanRule.Eval, "constructor.constructor()", place, tokens[i].Start);
                break;
        }
    }

    private void Created(int i, string? element)
    {
        if (element?.ToLowerInvariant() is "iframe" or "frame" or "object" or "embed")
            findings.Forbid(ScanRule.Iframe, $"<{element}>", place, tokens[i].Start);
    }

    private ScanPlace PlaceOf(int index) => place.IsVerbatim
        ? place with { Start = place.Start + tokens[index].Start, IsVerbatim = false } : place;

    private void ForbidZIndex(int i, int value) => findings.Forbid(ScanRule.ZIndex,
        $"z-index {NumberAt(value)?.ToString(CultureInfo.InvariantCulture)}", place, tokens[i].Start);

    /// <summary>An element's style: <c>{ style: {…} }</c>, <c>assign(el.style, {…})</c>.</summary>
    private bool IsStyle(int open) => tokens.IsPunctuator(open, "{") && tokens.IsName(open - 2, "style")
        && (tokens.IsPunctuator(open - 1, ":") || tokens.IsPunctuator(open - 1, ","));

    private double? NumberAt(int index)
    {
        if ((uint)index >= (uint)tokens.Count) return null;
        var text = tokens.LiteralAt(index)
            ?? (tokens.IsKind(index, JsTokenKind.Number)
                ? tokens.Raw(tokens[index]).ToString().Replace("_", "", StringComparison.Ordinal) : "");
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var hex) ? hex : null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The first argument is a text: a literal, a template, or a literal that more is added to.</summary>
    private bool IsTextArgument(int open) => tokens.IsPunctuator(open, "(") && (tokens.LiteralAt(open + 1) is not null
        ? tokens.IsPunctuator(open + 2, ",") || tokens.IsPunctuator(open + 2, ")") || tokens.IsPunctuator(open + 2, "+")
        : tokens.IsKind(open + 1, JsTokenKind.Template));

    /// <summary>
    /// An argument, to be called by others: <c>setTimeout(alert)</c>. The other two dialogs' names are too often
    /// names of a script's own, declared in another of its files.
    /// </summary>
    private bool IsHandedOn(JsPath path) => path.Names is ["alert"]
        && (tokens.IsPunctuator(path.Start - 1, "(") || tokens.IsPunctuator(path.Start - 1, ","))
        && (tokens.IsPunctuator(path.End, ")") || tokens.IsPunctuator(path.End, ","));

    /// <summary>
    /// Where one is already: <c>navigation.navigate(navigation.currentEntry.url)</c>, by which React shows that it is busy.
    /// </summary>
    private bool IsEntry(int index) => JsPath.At(tokens, index) is { Names: [.., _, "url"] };

    private bool IsLocation(int index) => JsPath.At(tokens, index) is { } path && Meant(path) is { } meant
        && meant.Names is ["location"] or ["document" or "parent" or "top", "location"] && !IsOwn(meant);

    /// <summary>
    /// The path's first <paramref name="names"/> names are called, directly or through call, apply or bind.
    /// </summary>
    private bool IsCalled(JsPath path, int names)
    {
        if (path.Names.Count > names) return path[names] is "call" or "apply" or "bind";
        var isOptional = tokens.IsPunctuator(path.End, "?.");
        return tokens.IsPunctuator(isOptional ? path.End + 1 : path.End, "(")
            || (tokens.IsKind(path.End, JsTokenKind.Template) && tokens.Raw(tokens[path.End])[0] == '`');
    }

    private bool IsAssigned(int index) => tokens.IsKind(index, JsTokenKind.Punctuator) && tokens.Raw(tokens[index]) is
        "=" or "+=" or "||=" or "&&=" or "??=";

    private bool IsOwn(JsPath path) => path.IsFree && scopes.IsOwn(path[0]!, path.Start);

    private void Forbid(ScanRule rule, string what, JsPath path) =>
        findings.Forbid(rule, what, place, tokens[path.Start].Start);
}
