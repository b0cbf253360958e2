using System.Globalization;

namespace Remix.Creations.Scan.Styles;

/// <summary>
/// Reads styles against the rules: a z-index above the limit, written out or through a custom property of the same
/// sheet, is forbidden. What the Content-Security-Policy will not load is an issue, not a violation: the page works
/// without it.
/// </summary>
internal static class CssRules
{
    public static void Scan(string source, ScanPlace place, Findings findings)
    {
        var tokens = CssTokenizer.Read(source);
        var large = LargeProperties(tokens);
        for (var i = 0; i < tokens.Count && !findings.IsFull; i++)
        {
            var token = tokens[i];
            if (token.Kind == CssTokenKind.Url) Address(token.Text, place, findings);
            else if (token.Is("import") && token.Kind == CssTokenKind.AtKeyword && i + 1 < tokens.Count
                && tokens[i + 1].Kind == CssTokenKind.String) Address(tokens[i + 1].Text, place, findings);
            else if (token.Is("z-index") && token.Kind == CssTokenKind.Name
                && LargestValue(tokens, i, large) is { } value
                && value > ScanLimits.ZIndexMax)
                findings.Forbid(ScanRule.ZIndex, $"z-index {value.ToString(CultureInfo.InvariantCulture)}", place,
                    token.Start);
        }
    }

    /// <summary>Custom properties whose value is a number beyond the limit, by name.</summary>
    private static Dictionary<string, double> LargeProperties(IReadOnlyList<CssToken> tokens)
    {
        var large = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            var isLarge = tokens[i].Kind == CssTokenKind.Name
                && tokens[i].Text.StartsWith("--", StringComparison.Ordinal)
                && tokens[i + 1].IsOther(':') && tokens[i + 2].Kind == CssTokenKind.Number
                && tokens[i + 2].Text.Length == 0 && tokens[i + 2].Value > ScanLimits.ZIndexMax;
            if (isLarge) large[tokens[i].Text] = tokens[i + 2].Value;
        }
        return large;
    }

    /// <summary>
    /// The largest number in the declaration's value; null when it is no declaration but part of a selector.
    /// </summary>
    private static double? LargestValue(IReadOnlyList<CssToken> tokens, int name, Dictionary<string, double> large)
    {
        if (name + 1 >= tokens.Count || !tokens[name + 1].IsOther(':')) return null;
        var largest = 0.0;
        for (var i = name + 2; i < Math.Min(tokens.Count, name + ScanLimits.CssValueTokensMax); i++)
        {
            var token = tokens[i];
            if (token.IsOther('{')) return null;
            if (token.IsOther(';') || token.IsOther('}')) break;
            if (token.Kind == CssTokenKind.Number) largest = Math.Max(largest, token.Value);
            if (token.Kind == CssTokenKind.Name
                && large.TryGetValue(token.Text, out var value)) largest = Math.Max(largest, value);
        }
        return largest;
    }

    private static void Address(string address, ScanPlace place, Findings findings)
    {
        if (WebAddress.Classify(address) is AddressKind.External or AddressKind.Blob or AddressKind.OtherScheme)
            findings.Warn($"{place.Text.Path} names {WebAddress.Shorten(address)}, which will not load: "
                + "upload the file beside index.html, or use one of the allowed CDNs.");
    }
}
