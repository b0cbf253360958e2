using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Remix.Pages.Guide;

/// <summary>Cuts text into the words that are searched for: lower case, without accents and endings, without little words.</summary>
internal static partial class HelpWords
{
    private static readonly HashSet<string> Little = new(StringComparer.Ordinal)
    {
        "a", "an", "the", "is", "are", "was", "be", "been", "am", "do", "does", "did", "how", "what", "when",
        "where", "which", "who", "can", "could", "should", "would", "will", "may", "must", "i", "me", "my",
        "we", "our", "you", "your", "it", "its", "they", "them", "their", "this", "that", "these", "those", "to",
        "of", "in", "on", "at", "for", "from", "with", "by", "and", "or", "as", "if", "so", "but", "there", "here",
        "have", "has", "had", "get", "got", "want", "need", "please", "use", "using", "way", "via", "into", "than",
        "then", "just", "let", "s", "t", "m", "ve", "re", "im", "not", "no", "don", "doesn", "any", "some", "about",
        "now", "still", "also", "server", "call", "work", "make", "one", "another", "between", "difference",
        "somebody", "someone", "whats", "hows", "wheres", "something", "anything", "thing", "endpoint", "possible",
        "whether", "too", "very", "every", "each", "own", "kind", "exactly", "good", "why", "us", "he", "him", "his", "she", "her",
        "were", "being", "such", "much", "both", "other", "others", "allowed", "able", "already", "yet", "while", "though",
        "although", "because", "really", "actually", "anyone", "everything", "nothing", "whenever", "wherever", "instead",
        "supposed", "keeps", "keep", "happen", "happens", "exist", "exists", "cannot", "cant", "lets", "might", "shall",
        "mean", "means", "meant", "equivalent", "wanna", "gonna", "gotta", "pls", "plz", "hi", "hey", "hello", "thanks", "ok",
        "u", "ur", "ll", "d", "youre", "ive", "dunno", "ca", "wo", "trying", "even", "similar", "analog",
    };

    /// <summary>What is said with "not" as one word.</summary>
    private static readonly HashSet<string> Negated = new(StringComparer.Ordinal)
    {
        "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "ca", "could", "should", "would", "wo",
    };

    [GeneratedRegex("[A-Za-z0-9]+([_-][A-Za-z0-9]+)+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name { get; }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word { get; }

    /// <summary>What is written as one and made of several words: a code, a field, a part of an address.</summary>
    public static IEnumerable<string> NamesIn(string text) =>
        Name.Matches(text).Select(name => name.Value.ToLowerInvariant().Replace('-', '_'));

    /// <summary>The same text without those of its codes that are known: what they are made of says less than they do.</summary>
    public static string WithoutCodes(string text, Func<string, bool> isKnown) => Name.Replace(text, name =>
        !name.Value.Any(char.IsAsciiLetterLower) && isKnown(name.Value.ToLowerInvariant().Replace('-', '_')) ? " " : name.Value);

    /// <summary>The stems of what is said.</summary>
    public static IEnumerable<string> Of(string text) => Said(text).Select(HelpStems.Of);

    /// <summary>The words as they are written, without the little ones.</summary>
    public static IEnumerable<string> Said(string text) => Written(text).Where(word => word.Length > 1 && !Little.Contains(word));

    /// <summary>Words that follow each other, little ones too: "not called", "get in" mean more than their parts.</summary>
    public static IEnumerable<string> PairsIn(string text)
    {
        var words = Written(text).Select(HelpStems.Of).ToList();
        return words.Zip(words.Skip(1), (first, second) => $"{first} {second}");
    }

    /// <summary>The text with other words in the place of some.</summary>
    public static string Replaced(string text, IReadOnlyDictionary<string, string> others) => others.Count == 0 ? text
        : Word.Replace(text, word => others.GetValueOrDefault(word.Value.ToLowerInvariant(), word.Value));

    /// <summary>The words in their order; "doesn't" and "doesnt" are two.</summary>
    private static IEnumerable<string> Written(string text) => Letters(text).SelectMany(word =>
        word.EndsWith("nt", StringComparison.Ordinal) && Negated.Contains(word[..^2]) ? [word[..^2], "not"] : new[] { word });

    private static IEnumerable<string> Letters(string text)
    {
        var word = new StringBuilder();
        foreach (var letter in text.Normalize(NormalizationForm.FormD).Append(' '))
        {
            if (char.IsLetterOrDigit(letter))
            {
                word.Append(char.ToLowerInvariant(letter));
            }
            else if (letter is not ('\'' or '’') && CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                var said = word.ToString();
                word.Clear();
                if (said.Length > 0)
                {
                    yield return said;
                }
            }
        }
    }
}
