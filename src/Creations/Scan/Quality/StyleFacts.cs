using Remix.Creations.Scan.Styles;

namespace Remix.Creations.Scan.Quality;

/// <summary>
/// What a page's styles do: how many declarations, how they adapt to a phone, which colours they set.
/// </summary>
internal sealed class StyleFacts
{
    public const int PhoneWidthPx = 375;

    private readonly HashSet<string> adaptations = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> colors = new(StringComparer.OrdinalIgnoreCase);

    public int Declarations { get; private set; }

    /// <summary>Widths written out in pixels that no phone has.</summary>
    public int FixedWidths { get; private set; }

    /// <summary>
    /// Different means of fitting a screen: media queries, relative units, max-width, flex, grid, clamp().
    /// </summary>
    public int Adaptations => adaptations.Count;

    public int Colors => colors.Count;

    public bool HasColorScheme { get; private set; }

    public static StyleFacts Of(IEnumerable<string> sources)
    {
        var facts = new StyleFacts();
        foreach (var source in sources) facts.Read(CssTokenizer.Read(source));
        return facts;
    }

    private void Read(IReadOnlyList<CssToken> tokens)
    {
        var inPrelude = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == CssTokenKind.AtKeyword) inPrelude = true;
            if (token.IsOther('{') || token.IsOther(';')) inPrelude = false;
            if (token.Is("prefers-color-scheme") || token.Is("color-scheme")) HasColorScheme = true;
            if (inPrelude)
            {
                if (token.Is("media") || token.Is("container")) adaptations.Add("query");
                continue;
            }
            Unit(token);
            var isDeclaration = token.Kind == CssTokenKind.Name && i + 2 < tokens.Count && tokens[i + 1].IsOther(':')
                && (i == 0 || tokens[i - 1].IsOther('{') || tokens[i - 1].IsOther(';') || tokens[i - 1].IsOther('}'));
            if (isDeclaration) Declaration(token, tokens, i + 2);
        }
    }

    private void Declaration(CssToken name, IReadOnlyList<CssToken> tokens, int value)
    {
        Declarations++;
        var first = tokens[value];
        if (name.Is("max-width") || name.Is("flex-wrap")) adaptations.Add(name.Text);
        if (name.Is("display") && (first.Is("grid") || first.Is("flex"))) adaptations.Add(first.Text);
        var isFixed = (name.Is("width") || name.Is("min-width"))
            && first is { Kind: CssTokenKind.Number, Text: "px", Value: > PhoneWidthPx };
        if (isFixed) FixedWidths++;
        if (IsColored(name.Text)) Color(tokens, value);
    }

    private void Color(IReadOnlyList<CssToken> tokens, int value)
    {
        var end = Math.Min(tokens.Count, value + ScanLimits.CssValueTokensMax);
        for (var i = value; i < end && !tokens[i].IsOther(';') && !tokens[i].IsOther('}'); i++)
        {
            var (token, next) = (tokens[i], i + 1 < tokens.Count ? tokens[i + 1] : default);
            if (token.IsOther('#')) colors.Add($"#{next.Text}{next.Value}");
            else if (token.Kind == CssTokenKind.Function
                && !token.Is("var")) colors.Add($"{token.Text} {next.Value} {i}");
            else if (token.Kind == CssTokenKind.Name) colors.Add(token.Text);
        }
    }

    private void Unit(CssToken token)
    {
        if (token.Kind == CssTokenKind.Number
            && token.Text is "%" or "rem" or "em" or "vw" or "vh" or "dvh" or "svh" or "fr" or "ch"
            or "vmin" or "vmax" or "cqw") adaptations.Add("units");
        if (token.Kind == CssTokenKind.Function
            && (token.Is("clamp") || token.Is("min") || token.Is("minmax"))) adaptations.Add("clamp");
    }

    private static bool IsColored(string name) => name.StartsWith("--", StringComparison.Ordinal)
        || name.Contains("color", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("background", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("border", StringComparison.OrdinalIgnoreCase) || name is "fill" or "stroke";
}
