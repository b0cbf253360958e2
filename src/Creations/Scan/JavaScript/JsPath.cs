using Remix.Platform.JavaScript;

namespace Remix.Creations.Scan.JavaScript;

/// <summary>
/// A name and the members taken from it, <c>window.parent["postMessage"]</c>, with the names of the window itself
/// dropped, and brackets around it too. <see cref="End"/> is the index of the token after it; <see cref="IsFree"/> says
/// that the script named no window.
/// </summary>
internal sealed record JsPath(IReadOnlyList<string> Names, int Start, int End, bool IsFree)
{
    private const int NamesMax = 8;

    public string? this[int index] => index < Names.Count ? Names[index] : null;

    public JsPath Rest() => this with { Names = [.. Names.Skip(1)] };

    /// <summary>The same with more members taken from it.</summary>
    public JsPath Then(params IEnumerable<string> members) =>
        this with { Names = WithoutWindows([.. Names, .. members]), IsFree = false };

    public override string ToString() => string.Join('.', Names);

    /// <summary>The path that begins at a token, null when none does.</summary>
    public static JsPath? At(JsTokens tokens, int name)
    {
        if (!tokens.IsKind(name, JsTokenKind.Name) || tokens[name].IsProperty
            || tokens.NameAt(name) is not { } first) return null;
        List<string> names = [first];
        var (start, end) = (name, name + 1);
        Members(tokens, names, ref end);
        while (GroupAround(tokens, start, end) is { } group)
        {
            (start, end) = (group, end + 1);
            Members(tokens, names, ref end);
        }

        var shortened = WithoutWindows(names);
        return new JsPath(shortened, start, end, shortened.Count == names.Count);
    }

    /// <summary>
    /// The bracket that opens around a path and closes behind it, as in <c>(document).cookie</c> and
    /// <c>(0, alert)()</c>; null where the brackets are a call's or there are none.
    /// </summary>
    private static int? GroupAround(JsTokens tokens, int start, int end)
    {
        if (!tokens.IsPunctuator(end, ")")) return null;
        var isSequence = tokens.IsPunctuator(start - 1, ",") && tokens.IsKind(start - 2, JsTokenKind.Number);
        var open = isSequence ? start - 3 : start - 1;
        return tokens.IsPunctuator(open, "(") && !IsCallee(tokens, open - 1) ? open : null;
    }

    private static bool IsCallee(JsTokens tokens, int index) => tokens.NameAt(index) is { } name
        ? tokens[index].IsProperty || name is not ("return" or "new" or "typeof" or "void" or "await" or "delete"
            or "in" or "of" or "case" or "else" or "do" or "yield" or "throw")
        : tokens.IsPunctuator(index, ")") || tokens.IsPunctuator(index, "]") || tokens.IsPunctuator(index, "}")
            || tokens.IsPunctuator(index, "?.") || tokens.IsKind(index, JsTokenKind.Template);

    private static IReadOnlyList<string> WithoutWindows(IReadOnlyList<string> names)
    {
        var windows = 0;
        while (windows < names.Count - 1 && WindowAt(names, windows) is > 0 and var length
            && windows + length < names.Count) windows += length;
        return windows == 0 ? names : [.. names.Skip(windows)];
    }

    /// <summary>How many names at that place name a window that the next is taken from.</summary>
    private static int WindowAt(IReadOnlyList<string> names, int index)
    {
        var (name, next) = (names[index], names[index + 1]);
        if (name is "document" && next is "defaultView") return 2;
        return IsWindow(name) || (IsOuterWindow(name) && (IsWindow(next) || IsOuterWindow(next))) ? 1 : 0;
    }

    private static bool IsWindow(string name) => name is "window" or "self" or "globalThis" or "frames";

    private static bool IsOuterWindow(string name) => name is "parent" or "top";

    private static void Members(JsTokens tokens, List<string> names, ref int end)
    {
        while (names.Count < NamesMax && NextMember(tokens, ref end) is { } name) names.Add(name);
    }

    private static string? NextMember(JsTokens tokens, ref int end)
    {
        var isOptional = tokens.IsPunctuator(end, "?.");
        if ((isOptional || tokens.IsPunctuator(end, ".")) && tokens.NameAt(end + 1) is { } name)
        {
            end += 2;
            return name;
        }

        var bracket = isOptional ? end + 1 : end;
        if (!tokens.IsPunctuator(bracket, "[") || !tokens.IsPunctuator(bracket + 2, "]")) return null;
        if (tokens.LiteralAt(bracket + 1) is not { } literal) return null;
        end = bracket + 3;
        return literal;
    }
}
