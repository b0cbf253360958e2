using System.Globalization;
using System.Text;

namespace Remix.Pages.Guide;

/// <summary>Cuts text into the words that are searched for: lower case, without accents and endings, without little words.</summary>
internal static class HelpWords
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
        "whether", "too", "very", "every", "each", "own", "kind", "exactly", "good",
    };

    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (var letter in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(letter))
            {
                word.Append(char.ToLowerInvariant(letter));
            }
            else if (letter is not ('\'' or '’') && CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                if (Taken(word) is { } taken)
                {
                    yield return taken;
                }
            }
        }

        if (Taken(word) is { } last)
        {
            yield return last;
        }
    }

    private static string? Taken(StringBuilder word)
    {
        var text = word.ToString();
        word.Clear();
        return text.Length == 0 || Little.Contains(text) ? null : Stem(text);
    }

    /// <summary>
    /// The endings that English puts on its words; wrong where it is irregular, but the same on both sides. A creation and a
    /// listed room are things of ours.
    /// </summary>
    private static string Stem(string word)
    {
        if (word is "creation" or "creations" or "listed")
        {
            return word.TrimEnd('s');
        }

        var stem = word switch
        {
            { Length: > 4 } when word.EndsWith("ies", StringComparison.Ordinal) || word.EndsWith("ied", StringComparison.Ordinal)
                => word[..^3] + "y",
            { Length: > 3 } when word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') => word[..^1],
            _ => word,
        };
        foreach (var ending in new[] { "ation", "ing", "ion", "ed" })
        {
            if (stem.Length >= ending.Length + 4 && stem.EndsWith(ending, StringComparison.Ordinal))
            {
                stem = stem[..^ending.Length];
                stem = stem[^1] == stem[^2] && stem[^1] is not ('s' or 'l') ? stem[..^1] : stem;
                break;
            }
        }

        return stem.Length > 3 && stem[^1] == 'e' ? stem[..^1] : stem;
    }
}
