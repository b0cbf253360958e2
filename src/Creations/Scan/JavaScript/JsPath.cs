using Remix.Platform.JavaScript;

namespace Remix.Creations.Scan.JavaScript;

/// <summary>
/// A name and the members taken from it, <c>window.parent["postMessage"]</c>, with the names of the window itself
/// dropped. <see cref="End"/> is the index of the token after it; <see cref="IsFree"/> says that the script named no
/// window.
/// </summary>
internal sealed record JsPath(IReadOnlyList<string> Names, int Start, int End, bool IsFree)
{
    private const int NamesMax = 8;

    public string? this[int index] => index < Names.Count ? Names[index] : null;

    public JsPath Rest() => this with { Names = [.. Names.Skip(1)] };

    public override string ToString() => string.Join('.', Names);

    /// <summary>The path that begins at a token, null when none does.</summary>
    public static JsPath? At(JsTokens tokens, int start)
    {
        if (tokens[start].Kind != JsTokenKind.Name || tokens[start].IsProperty
            || tokens.NameAt(start) is not { } first) return null;
        List<string> names = [first];
        var end = start + 1;
        while (names.Count < NamesMax && NextMember(tokens, ref end) is { } name) names.Add(name);

        var windows = 0;
        while (windows < names.Count - 1 && (IsWindow(names[windows])
            || (IsOuterWindow(names[windows])
                && (IsWindow(names[windows + 1]) || IsOuterWindow(names[windows + 1]))))) windows++;
        return new JsPath(windows == 0 ? names : names[windows..], start, end, windows == 0);
    }

    private static bool IsWindow(string name) => name is "window" or "self" or "globalThis" or "frames";

    private static bool IsOuterWindow(string name) => name is "parent" or "top";

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
