namespace Remix.Platform.JavaScript;

/// <summary>Which bracket closes which, and which one every token stands in: -1 where there is none.</summary>
public sealed class JsBrackets
{
    private readonly int[] enclosing;
    private readonly int[] partner;

    public JsBrackets(JsTokens tokens)
    {
        enclosing = new int[tokens.Count];
        partner = new int[tokens.Count];
        Array.Fill(partner, -1);
        var open = new Stack<int>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var (opens, closes) = token.Kind switch
            {
                JsTokenKind.Punctuator =>
                    (tokens.Raw(token) is "(" or "[" or "{", tokens.Raw(token) is ")" or "]" or "}"),
                JsTokenKind.Template => (tokens.Raw(token)[^1] == '{', tokens.Raw(token)[0] == '}'),
                _ => (false, false),
            };
            if (closes && open.TryPop(out var opener)) (partner[opener], partner[i]) = (i, opener);
            enclosing[i] = open.TryPeek(out var outer) ? outer : -1;
            if (opens) open.Push(i);
        }
    }

    /// <summary>The index of the bracket that a token stands in; a bracket stands outside of itself.</summary>
    public int Around(int index) => index < 0 ? -1 : enclosing[index];

    public int PartnerOf(int index) => partner[index];

    /// <summary>
    /// The index at which the bracket opened at <paramref name="open"/> ends; the script's end for an open one.
    /// </summary>
    public int EndOf(int open) => open < 0 || partner[open] < 0 ? partner.Length : partner[open];
}
