using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>A script's tokens with questions that only concern the shape of expressions.</summary>
internal sealed class SdkScript
{
    private static readonly HashSet<string> Operators = new(StringComparer.Ordinal)
    {
        "return", "typeof", "await", "in", "of", "instanceof", "case", "do", "else", "void", "delete", "new", "throw", "yield", "if",
        "while", "for", "switch", "catch", "with", "function", "const", "let", "var", "import", "export", "extends",
    };

    private readonly List<(int Open, int Close)> sdkBodies;

    public SdkScript(PageScript script)
    {
        Script = script;
        Tokens = JsTokenizer.Read(script.Code, script.Goal);
        Brackets = new JsBrackets(Tokens);
        sdkBodies = [.. SdkBodies()];
    }

    public PageScript Script { get; }

    public JsTokens Tokens { get; }

    public JsBrackets Brackets { get; }

    public bool Is(int index, string punctuator) => Tokens.IsPunctuator(index, punctuator);

    public bool IsDot(int index) => Is(index, ".") || Is(index, "?.");

    /// <summary>Whether the token ends a value: a bracket behind it is then a call or a member.</summary>
    public bool EndsOperand(int index)
    {
        if (index < 0 || index >= Tokens.Count)
        {
            return false;
        }

        var token = Tokens[index];
        return token.Kind switch
        {
            JsTokenKind.Name => IsDot(index - 1) || !Operators.Contains(Tokens.NameAt(index)!),
            JsTokenKind.PrivateName or JsTokenKind.String or JsTokenKind.Number or JsTokenKind.Regex => true,
            JsTokenKind.Template => Tokens.Raw(token)[^1] == '`',
            JsTokenKind.Punctuator => Is(index, ")") || Is(index, "]") || Is(index, "}"),
            _ => false,
        };
    }

    /// <summary>Whether the token stands in the class of the SDK, which a game may bring along: what it says of itself is no hook.</summary>
    public bool IsSdkItself(int index) => sdkBodies.Exists(body => index > body.Open && index < body.Close);

    private IEnumerable<(int Open, int Close)> SdkBodies()
    {
        for (var i = 0; i < Tokens.Count; i++)
        {
            if (Tokens.IsName(i, "setTarget") && Tokens[i].IsProperty && Is(i + 1, "(") && Brackets.Around(i) is >= 0 and var open
                && Brackets.PartnerOf(open) is > 0 and var close && HasMethod(open, close, "on") && HasMethod(open, close, "off"))
            {
                yield return (open, close);
            }
        }
    }

    private bool HasMethod(int open, int close, string name)
    {
        for (var i = open + 1; i < close; i++)
        {
            if (Brackets.Around(i) == open && Tokens.IsName(i, name) && Tokens[i].IsProperty && Is(i + 1, "("))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A name, private ones with their mark.</summary>
    public string? NameAt(int index) => Tokens.IsKind(index, JsTokenKind.PrivateName)
        ? Tokens.Raw(Tokens[index]).ToString() : Tokens.NameAt(index);

    /// <summary>
    /// The index behind an expression that begins at <paramref name="start"/>: its statement's end, a comma, the closing bracket
    /// around it, or a line end after which something else begins.
    /// </summary>
    public int EndOfExpression(int start)
    {
        const int tokensMax = 400;
        for (var i = start; i < Math.Min(Tokens.Count, start + tokensMax); i++)
        {
            if (Is(i, ";") || Is(i, ",") || Is(i, ")") || Is(i, "]") || Is(i, "}")
                || (i > start && Tokens[i].NewlineBefore && EndsOperand(i - 1) && BeginsStatement(i)))
            {
                return i;
            }

            if ((Is(i, "(") || Is(i, "[") || Is(i, "{")) && Brackets.PartnerOf(i) > i)
            {
                i = Brackets.PartnerOf(i);
            }
        }

        return Math.Min(Tokens.Count, start + tokensMax);
    }

    private bool BeginsStatement(int i) => Tokens[i].Kind is JsTokenKind.Name or JsTokenKind.PrivateName or JsTokenKind.String or JsTokenKind.Number
        && Tokens.NameAt(i) is not ("in" or "of" or "instanceof");
}
