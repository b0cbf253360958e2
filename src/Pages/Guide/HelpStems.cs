namespace Remix.Pages.Guide;

/// <summary>
/// The stem of an English word, by Porter's rules of 1980: moderate, moderator and moderation are one. It is not always a
/// word, and the same on both sides.
/// </summary>
internal static class HelpStems
{
    /// <summary>Things of ours whose names are not the verbs that they come from.</summary>
    private static readonly Dictionary<string, string> Kept = new(StringComparer.Ordinal)
    {
        ["creation"] = "creation",
        ["creations"] = "creation",
        ["listed"] = "listed",
        ["listing"] = "list",
        ["events"] = "event",
        ["studios"] = "studio",
        ["media"] = "media",
        ["news"] = "news",
        ["does"] = "do",
        ["sent"] = "send",
        ["said"] = "say",
        ["wrote"] = "write",
        ["written"] = "write",
        ["left"] = "leave",
        ["lost"] = "lost",
        ["made"] = "make",
        ["got"] = "get",
        ["gave"] = "give",
        ["given"] = "give",
        ["took"] = "take",
        ["taken"] = "take",
        ["found"] = "find",
        ["told"] = "tell",
        ["heard"] = "hear",
        ["kept"] = "keep",
        ["seen"] = "see",
        ["saw"] = "see",
        ["forgot"] = "forget",
        ["forgotten"] = "forget",
        ["broke"] = "break",
        ["broken"] = "break",
        ["chose"] = "choose",
        ["began"] = "begin",
        ["ran"] = "run",
        ["people"] = "person",
    };

    private static readonly (string Ending, string Becomes)[] Second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ];

    private static readonly (string Ending, string Becomes)[] Third =
    [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ];

    private static readonly (string Ending, string Becomes)[] Fourth =
    [
        .. new[]
        {
            "ement", "ance", "ence", "able", "ible", "ment", "sion", "tion", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "al",
            "er", "ic", "ou",
        }.Select(ending => (ending, ending is "sion" or "tion" ? ending[..1] : "")),
    ];

    public static string Of(string word)
    {
        if (Kept.TryGetValue(word, out var kept))
        {
            return kept;
        }

        if (word.Length < 3 || !word.All(char.IsAsciiLetterLower))
        {
            return word;
        }

        var stem = Past(Plural(word));
        stem = stem[^1] == 'y' && HasVowel(stem[..^1]) ? stem[..^1] + "i" : stem;
        stem = Swap(Swap(Swap(stem, Second, 0), Third, 0), Fourth, 1);
        if (stem[^1] == 'e' && (Measure(stem[..^1]) > 1 || (Measure(stem[..^1]) == 1 && !IsShort(stem[..^1]))))
        {
            stem = stem[..^1];
        }

        return stem.Length > 2 && stem.EndsWith("ll", StringComparison.Ordinal) && Measure(stem) > 1 ? stem[..^1] : stem;
    }

    private static string Plural(string word) => word switch
    {
        _ when word.EndsWith("sses", StringComparison.Ordinal) => word[..^2],
        _ when word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4 => word[..^2],
        _ when word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') => word[..^1],
        _ => word,
    };

    private static string Past(string word)
    {
        if (word.EndsWith("eed", StringComparison.Ordinal))
        {
            return Measure(word[..^3]) > 0 ? word[..^1] : word;
        }

        var ending = word.EndsWith("ed", StringComparison.Ordinal) ? 2 : word.EndsWith("ing", StringComparison.Ordinal) ? 3 : 0;
        if (ending == 0 || !HasVowel(word[..^ending]))
        {
            return word;
        }

        var stem = word[..^ending];
        if (stem.EndsWith("at", StringComparison.Ordinal) || stem.EndsWith("bl", StringComparison.Ordinal)
            || stem.EndsWith("iz", StringComparison.Ordinal))
        {
            return stem + "e";
        }

        if (stem.Length > 1 && stem[^1] == stem[^2] && IsConsonant(stem, stem.Length - 1))
        {
            return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        }

        return Measure(stem) == 1 && IsShort(stem) ? stem + "e" : stem;
    }

    private static string Swap(string word, (string Ending, string Becomes)[] endings, int measureAbove)
    {
        var (ending, becomes) = Array.Find(endings, pair => word.EndsWith(pair.Ending, StringComparison.Ordinal));
        return ending is not null && Measure(word[..^ending.Length] + becomes) > measureAbove ? word[..^ending.Length] + becomes : word;
    }

    /// <summary>How often a consonant follows a vowel.</summary>
    private static int Measure(string stem) => Enumerable.Range(1, Math.Max(0, stem.Length - 1))
        .Count(i => IsConsonant(stem, i) && !IsConsonant(stem, i - 1));

    private static bool HasVowel(string stem) => Enumerable.Range(0, stem.Length).Any(i => !IsConsonant(stem, i));

    /// <summary>Ends like "hop": consonant, vowel, and a consonant that is not w, x or y.</summary>
    private static bool IsShort(string stem) => stem.Length > 2 && IsConsonant(stem, stem.Length - 3) && !IsConsonant(stem, stem.Length - 2)
        && IsConsonant(stem, stem.Length - 1) && stem[^1] is not ('w' or 'x' or 'y');

    private static bool IsConsonant(string stem, int at) => stem[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => at == 0 || !IsConsonant(stem, at - 1),
        _ => true,
    };
}
