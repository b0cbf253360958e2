using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Remix.Platform.Search;

/// <summary>
/// Text as the words it is found by: lower case, without accents, cut at 40 characters. Scripts that set no spaces are
/// found by their characters and by pairs of them, pictures (😀, ✓) each by itself. The same on every database, so that
/// both find the same.
/// </summary>
public static class SearchWords
{
    private const int LengthMax = 40;
    private const int PicturesFrom = 0x2190;

    /// <summary>What Latin letters beyond ASCII are without their marks, from U+00C0 on; a dot stays as it is.</summary>
    private const string Plain =
        "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y"
        + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiii...jjkk.llllll."
        + ".llnnnnnn...oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    /// <summary>The different words of a text.</summary>
    public static HashSet<string> Of(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        Add(text, words, alsoSingle: true);
        return words;
    }

    /// <summary>The different words of what JSON says: its texts, numbers and names.</summary>
    public static void AddJson(string json, HashSet<string> words)
    {
        using var document = JsonDocument.Parse(json);
        Add(document.RootElement, words);
    }

    /// <summary>What a question asks for, in its order, each word once.</summary>
    public static IReadOnlyList<string> Asked(string question, int max)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        Add(question, words, alsoSingle: false);
        return [.. words.Take(max)];
    }

    private static void Add(JsonElement element, HashSet<string> words)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Add(property.Name, words, alsoSingle: true);
                    Add(property.Value, words);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Add(item, words);
                }

                break;
            case JsonValueKind.String:
                Add(element.GetString()!, words, alsoSingle: true);
                break;
            case JsonValueKind.Number:
                Add(element.GetRawText(), words, alsoSingle: true);
                break;
        }
    }

    private static void Add(string text, HashSet<string> words, bool alsoSingle)
    {
        var word = new StringBuilder();
        var run = new List<Rune>();
        foreach (var rune in text.EnumerateRunes())
        {
            var kind = Rune.GetUnicodeCategory(rune);
            if (kind is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
            {
                continue;
            }

            var isWord = Rune.IsLetterOrDigit(rune) || kind is UnicodeCategory.SpacingCombiningMark;
            if (isWord && IsSetWithoutSpaces(rune.Value))
            {
                Flush(word, words);
                run.Add(rune);
                continue;
            }

            Flush(run, words, alsoSingle);
            if (isWord)
            {
                word.Append(Folded(rune));
                continue;
            }

            Flush(word, words);
            if (kind is UnicodeCategory.OtherSymbol && rune.Value >= PicturesFrom)
            {
                words.Add(rune.ToString());
            }
        }

        Flush(run, words, alsoSingle);
        Flush(word, words);
    }

    private static void Flush(StringBuilder word, HashSet<string> words)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString(0, Math.Min(word.Length, LengthMax - (word.Length > LengthMax && char.IsHighSurrogate(word[LengthMax - 1]) ? 1 : 0))));
            word.Clear();
        }
    }

    private static void Flush(List<Rune> run, HashSet<string> words, bool alsoSingle)
    {
        for (var i = 0; i < run.Count; i++)
        {
            if (alsoSingle || run.Count == 1)
            {
                words.Add(run[i].ToString());
            }

            if (i + 1 < run.Count)
            {
                words.Add(run[i].ToString() + run[i + 1]);
            }
        }

        run.Clear();
    }

    private static string Folded(Rune rune)
    {
        var lower = Rune.ToLowerInvariant(rune);
        return lower.Value == 'ß' ? "ss"
            : lower.Value - 0xC0 is >= 0 and var at && at < Plain.Length && Plain[at] != '.' ? Plain[at].ToString()
            : lower.ToString();
    }

    /// <summary>Thai, Lao, Khmer, Myanmar, kana, Han.</summary>
    private static bool IsSetWithoutSpaces(int rune) => rune is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x3FFFF);
}
