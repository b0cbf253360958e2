using Remix.Platform.Search;

namespace Remix.Pages.Guide;

/// <summary>
/// Which words stand in which sections, and what they count there: more in a title than in a text, and more the fewer
/// sections have them (BM25). Beside them the phrases by which a section is asked for: its title, and what readers say.
/// </summary>
internal sealed class HelpPostings
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.6;
    private const double TitleWeight = 4;
    private const double AlsoWeight = 2;
    private const double AboveWeight = 1.2;

    /// <summary>The table of calls finds what no page explains, and stands back where one does.</summary>
    private const double ReferenceWeight = 0.45;

    /// <summary>What a word counts in a phrase that no section has: as much as a rare one.</summary>
    private const double UnknownRarity = 3;

    private readonly Dictionary<string, List<(int Section, double Weight)>> byWord = new(StringComparer.Ordinal);

    public HelpPostings(IReadOnlyList<HelpSection> sections)
    {
        Sections = sections;
        Titles = [.. sections.Select(section => section.Anchor is null ? [] : HelpWords.Of(section.Title).ToArray())];
        Phrases = [.. sections.Select(section => section.Phrases
            .Select(phrase => HelpWords.Of(phrase).Distinct(StringComparer.Ordinal).ToArray())
            .Where(phrase => phrase.Length > 0).ToArray())];
        var lengths = sections.Select(section => (double)HelpWords.Of(section.Text).Count()).ToList();
        var usual = Math.Max(1, lengths.Average());
        for (var i = 0; i < sections.Count; i++)
        {
            var norm = 1 - LengthWeight + (LengthWeight * lengths[i] / usual);
            var part = sections[i].IsReference ? ReferenceWeight : 1;
            foreach (var (word, count) in Weigh(sections[i]))
            {
                if (!byWord.TryGetValue(word, out var list))
                {
                    byWord[word] = list = [];
                }

                list.Add((i, part * count * (Saturation + 1) / (count + (Saturation * norm))));
            }
        }
    }

    public IReadOnlyList<HelpSection> Sections { get; }

    public string[][] Titles { get; }

    public string[][][] Phrases { get; }

    public bool Knows(string word) => byWord.ContainsKey(word);

    public IReadOnlyList<(int Section, double Weight)> Of(string word) => byWord.TryGetValue(word, out var list) ? list : [];

    public double Rarity(string word) => byWord.TryGetValue(word, out var list)
        ? Math.Log(1 + ((Sections.Count - list.Count + 0.5) / (list.Count + 0.5))) : UnknownRarity;

    /// <summary>
    /// Words that are few slips away, or begin with what was written; those of the same letters alone when there are any.
    /// </summary>
    public IReadOnlyList<string> Near(string word)
    {
        var near = word.Length < 4 ? [] : byWord.Keys
            .Where(known => Math.Abs(known.Length - word.Length) <= 2 || known.StartsWith(word, StringComparison.Ordinal))
            .Select(known => (known, Slips: known.StartsWith(word, StringComparison.Ordinal) ? 1 : Spelling.Distance(word, known)))
            .Where(near => near.Slips <= Spelling.SlipsMax(word.Length)).OrderBy(near => near.Slips).Take(3)
            .Select(near => near.known).ToList();
        var swapped = near.Where(known => known.Order().SequenceEqual(word.Order())).ToList();
        return swapped.Count > 0 ? swapped : near;
    }

    private static Dictionary<string, double> Weigh(HelpSection section)
    {
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        Count(section.Title, TitleWeight);
        Count(section.Also, AlsoWeight);
        Count(string.Join(' ', section.Above.Append(section.Document.Title)), AboveWeight);
        Count(section.Text, 1);
        return counts;

        void Count(string text, double weight)
        {
            foreach (var word in HelpWords.Of(text))
            {
                counts[word] = counts.GetValueOrDefault(word) + weight;
            }
        }
    }
}
