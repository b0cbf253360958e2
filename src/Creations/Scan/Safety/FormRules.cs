using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Remix.Creations.Scan.Pages;

namespace Remix.Creations.Scan.Safety;

/// <summary>
/// Fields that take secrets from readers. Only fields count: prose about passwords and seed phrases is free.
/// </summary>
internal static partial class FormRules
{
    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"\b(google|gmail|facebook|instagram|apple id|icloud|microsoft|outlook|office 365|"
        + @"paypal|amazon|netflix|whatsapp|linkedin|twitter|coinbase|binance|metamask|"
        + @"chase|wells fargo|bank of america|github|dropbox|steam)\b",
        Options)]
    private static partial Regex Brand { get; }

    [GeneratedRegex(@"\b(sign|log)[ -]?in\b|\bverify your (account|identity)\b|\bconfirm your (account|password)\b",
        Options)]
    private static partial Regex SignIn { get; }

    [GeneratedRegex(@"\b(seed|recovery|mnemonic|secret)[ _-]?(phrase|words)\b|\bmnemonic\b|"
        + @"\bprivate[ _-]?key\b|\bseedphrase\b",
        Options)]
    private static partial Regex Seed { get; }

    private const int LabelsMax = 4;

    public static void Scan(INode page, bool sendsOut, ScanText text, Findings findings)
    {
        var elements = HtmlReader.Elements(page).ToList();
        var fields = elements.Where(IsTextField).ToList();
        if (fields.Count == 0) return;

        var labels = elements.Where(element => element.LocalName is "label")
            .ToLookup(label => label.GetAttribute("for") ?? "", label => label.TextContent, StringComparer.Ordinal);
        foreach (var field in fields.Where(field => Seed.IsMatch(DescriptionOf(field, labels))))
            findings.Forbid(SafetyRule.SeedPhrase, "field for a recovery phrase or private key", PlaceOf(field, text));

        if (fields.Find(IsPassword) is not { } password) return;
        sendsOut |= elements.Any(IsOutsideTarget);
        if (sendsOut) findings.Forbid(SafetyRule.Phishing, "password field on a page that sends to other hosts",
            PlaceOf(password, text));

        var heads = string.Join(' ',
            elements.Where(element => element.LocalName is "title" or "h1" or "h2" or "h3" or "button" or "img")
            .Select(element => element.LocalName is "img" ? element.GetAttribute("alt") : element.TextContent));
        if (Brand.Match(heads) is { Success: true } brand && SignIn.IsMatch(heads))
            findings.Forbid(SafetyRule.FakeLogin, $"sign-in form in the name of {brand.Value}",
                PlaceOf(password, text));
    }

    private static bool IsTextField(IElement element) => element.LocalName is "textarea"
        || (element.LocalName is "input" && (element.GetAttribute("type")?.ToLowerInvariant() ?? "text")
            is not ("checkbox" or "radio" or "button" or "submit" or "range" or "hidden" or "color"));

    private static bool IsPassword(IElement element) =>
        string.Equals(element.GetAttribute("type")?.Trim(), "password", StringComparison.OrdinalIgnoreCase);

    private static bool IsOutsideTarget(IElement element)
    {
        var target = element.LocalName is "form" ? element.GetAttribute("action") : element.GetAttribute("formaction");
        return target is not null
            && WebAddress.Classify(target) is AddressKind.External or AddressKind.Cdn or AddressKind.OtherScheme;
    }

    private static string DescriptionOf(IElement field, ILookup<string, string> labels)
    {
        var id = field.Id;
        var around = field.Closest("label")?.TextContent;
        var own = id is { Length: > 0 } ? labels[id].Take(LabelsMax) : [];
        string?[] attributes = [field.GetAttribute("placeholder"), field.GetAttribute("name"), id,
            field.GetAttribute("aria-label"), around];
        return string.Join(' ', attributes.Concat(own));
    }

    private static ScanPlace PlaceOf(IElement element, ScanText text) =>
        new(text, Math.Max(0, element.SourceReference?.Position.Index ?? 0), IsVerbatim: false);
}
