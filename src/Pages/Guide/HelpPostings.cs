using Remix.Platform.Search;

namespace Remix.Pages.Guide;

/// <summary>
/// Which words stand in which sections, and what they count there: more in a title than in a text, and more the fewer
/// sections have them (BM25). Beside them the phrases by which a section is asked for: its title, and what readers say.
/// </summary>
internal sealed class HelpPostings
{
    private const double Saturation = 1.8;
    private const double LengthWeight = 0.6;
    private const double TitleWeight = 3;
    private const double AlsoWeight = 2;
    private const double AboveWeight = 1.2;

    /// <summary>What a word counts in the sentence that the reference says of a call which the section names.</summary>
    private const double CallWeight = 0.8;

    /// <summary>What two words count that follow each other in a phrase.</summary>
    private const double PairWeight = 3;

    /// <summary>The table of calls finds what no page explains, and stands back where one does.</summary>
    private const double ReferenceWeight = 0.45;

    /// <summary>What a word counts in a phrase that no section has: as much as a rare one.</summary>
    private const double UnknownRarity = 3;

    private const int NearMax = 2;

    private readonly Dictionary<string, List<(int Section, double Weight)>> byWord = new(StringComparer.Ordinal);

    private readonly HashSet<string> spelled;

    public HelpPostings(IReadOnlyList<HelpSection> sections)
    {
        Sections = sections;
        spelled = [.. sections.SelectMany(section => HelpWords.Said($"{section.Title} {section.Also} {HelpText.OfSection(section.Text)}"))
            .Where(Spelling.HasSpelling)];
        var summaries = sections.Where(section => section.IsReference).SelectMany(section => HelpText.Summaries(section.Text))
            .DistinctBy(pair => pair.Call).ToDictionary(pair => pair.Call, pair => pair.Summary);
        Titles = [.. sections.Select(section => section.Anchor is null ? [] : HelpWords.Of(section.Title).ToArray())];
        Phrases = [.. sections.Select(section => section.Phrases
            .Select(phrase => HelpWords.NamesIn(phrase).Concat(HelpWords.Of(phrase)).Distinct(StringComparer.Ordinal).ToArray())
            .Where(phrase => phrase.Length > 0).ToArray())];
        var lengths = sections.Select(section => (double)HelpWords.Of(HelpText.OfSection(section.Text)).Count()).ToList();
        var usual = Math.Max(1, lengths.Average());
        for (var i = 0; i < sections.Count; i++)
        {
            var norm = 1 - LengthWeight + (LengthWeight * lengths[i] / usual);
            var part = sections[i].IsReference ? ReferenceWeight : 1;
            foreach (var (word, count) in Weigh(sections[i], summaries))
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
    /// The words that may be meant by one that is not known: those that begin with it, or else those the fewest slips away
    /// and the most like it. Who slips seldom does so at the first letter.
    /// </summary>
    public IReadOnlyList<string> Near(string written)
    {
        if (written.Length < Spelling.LengthMin)
        {
            return [];
        }

        var grams = Spelling.Grams(written).ToHashSet(StringComparer.Ordinal);
        return [.. spelled.Where(known => known.Length >= Spelling.LengthMin)
            .Select(known => (known, Slips: Slips(written, known))).Where(near => near.Slips <= SlipsMax(written.Length))
            .OrderBy(near => near.Slips).ThenByDescending(near => Spelling.Grams(near.known).Count(grams.Contains))
            .Select(near => near.known).DistinctBy(HelpStems.Of).Take(NearMax)];
    }

    private static double SlipsMax(int length) => length < 6 ? 1 : 2;

    private static double Slips(string written, string known)
    {
        if (written.Length > 3 && known.StartsWith(written, StringComparison.Ordinal))
        {
            return 1;
        }

        if (Math.Abs(known.Length - written.Length) > 2)
        {
            return double.MaxValue;
        }

        var isSwapped = known.Length == written.Length && known.Order().SequenceEqual(written.Order());
        return Spelling.Distance(written, known) - (isSwapped ? 0.5 : 0) + (written[0] == known[0] ? 0 : 0.5);
    }

    private static Dictionary<string, double> Weigh(HelpSection section, IReadOnlyDictionary<string, string> summaries)
    {
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        Count(section.Title, TitleWeight);
        Count(section.Also, AlsoWeight);
        Count(string.Join(' ', section.Above.Append(section.Document.Title)), AboveWeight);
        Count(HelpText.OfSection(section.Text), 1);
        foreach (var pair in section.IsReference ? [] : section.Phrases.SelectMany(HelpWords.PairsIn))
        {
            counts[pair] = counts.GetValueOrDefault(pair) + PairWeight;
        }

        Count(string.Join(' ', section.IsReference ? []
            : section.Calls.Select(call => summaries.GetValueOrDefault(HelpText.Key(call), ""))), CallWeight);
        return counts;

        void Count(string text, double weight)
        {
            foreach (var word in HelpWords.Of(text).Concat(HelpWords.NamesIn(text)))
            {
                counts[word] = counts.GetValueOrDefault(word) + weight;
            }
        }
    }
}
