using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Remix.Creations.Scan.Safety;

/// <summary>
/// A few phrases that call for harm or teach it, and a few slurs. Kept small on purpose: what needs judgement is for
/// people, through reports and moderation. Slurs are kept as hashes, so that this file need not be one of them.
/// </summary>
internal static partial class TermRules
{
    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    private const int HashLength = 16;
    private const int WordLengthMax = 20;

    // The first half of each lower-case word's SHA-256.
    private static readonly HashSet<string> Slurs = new(StringComparer.Ordinal)
    {
        "0ce875d620076b53", "120f6e5b4ea32f65", "1e02eec4f1095143", "268651b3ece98010", "402f7ebd98864afe",
        "45cd3e1bb472d8e2", "5b3ae48be122f7ed", "82159dd02870c13e", "8f5083e3e5c7dc89", "c3de533e9b7fe63b",
        "eef3bd091670c344",
    };

    [GeneratedRegex(@"\b(kill|gas|exterminate|lynch|murder) (all )?(the )?(jews|muslims|christians|"
        + @"blacks|whites|gays|immigrants|refugees|women|trans people)\b", Options)]
    private static partial Regex CallToHarm { get; }

    [GeneratedRegex(@"\b(hardcore|free|live|teen|amateur) (porn|xxx)\b|\bxxx videos?\b|\bchild porn\w*|\bwatch porn\b",
        Options)]
    private static partial Regex Explicit { get; }

    [GeneratedRegex(@"\b(how to|ways to|steps to|best way to|easiest way to) "
        + @"(kill|hang|poison|cut) (yourself|myself)\b|\bpainless(ly)? (suicide|ways to die)\b|"
        + @"\b(how to|best way to) commit suicide\b|\bpro[- ]?ana tips\b",
        Options)]
    private static partial Regex SelfHarm { get; }

    [GeneratedRegex(@"\s+", Options)]
    private static partial Regex Spaces { get; }

    public static void Scan(string text, ScanPlace place, Findings findings)
    {
        var said = Spaces.Replace(text, " ");
        if (CallToHarm.IsMatch(said) || HasSlur(said)) findings.Forbid(SafetyRule.Hate, "hateful language", place);
        if (Explicit.IsMatch(said)) findings.Forbid(SafetyRule.Explicit, "sexually explicit text", place);
        if (SelfHarm.IsMatch(said)) findings.Forbid(SafetyRule.SelfHarm, "instructions for self-harm", place);
    }

    private static bool HasSlur(string text)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in text.AsSpan().SplitAny(" .,;:!?\"'()[]{}<>/-*_\u2019\u201C\u201D"))
        {
            var word = text.AsSpan()[range];
            if (word.Length is < 4 or > WordLengthMax || !seen.Add(word.ToString().ToLowerInvariant())) continue;
        }
        return seen.Any(word => Slurs.Contains(HashOf(word)));
    }

    private static string HashOf(string word) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(word)))[..HashLength];
}
