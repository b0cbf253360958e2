namespace Remix.Platform.Search;

/// <summary>How near two words are to each other.</summary>
public static class Spelling
{
    public const int LengthMin = 3;
    public const int LengthMax = 24;

    /// <summary>Only words of letters have a spelling; numbers and ids are meant as they are written.</summary>
    public static bool HasSpelling(string word) => word.Length is >= LengthMin and <= LengthMax && word.All(char.IsLetter);

    /// <summary>How many slips a word of this length may have and still be meant.</summary>
    public static int SlipsMax(int length) => length switch { < 4 => 0, < 6 => 1, _ => 2 };

    /// <summary>The word's groups of three, with its ends marked: two words that are near share some.</summary>
    public static IEnumerable<string> Grams(string word)
    {
        var marked = $"^{word}$";
        for (var i = 0; i + 3 <= marked.Length; i++)
        {
            yield return marked.Substring(i, 3);
        }
    }

    /// <summary>Letters to insert, take out, change or swap with their neighbour (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        var (before, previous, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, previous, row) = (previous, row, before);
        }

        return previous[b.Length];
    }
}
