using Remix.Platform.Search;

namespace Remix.Pages.Guide;

/// <summary>
/// The sections of the guide by their words, ranked by BM25: a word counts more in a title than in a text, and more the
/// fewer sections have it. All of it lies in memory and is never changed.
/// </summary>
internal sealed class HelpIndex(GuideLibrary library)
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.6;
    private const double TitleWeight = 4;
    private const double AlsoWeight = 4;
    private const double AboveWeight = 1.2;
    private const double SynonymWeight = 0.6;

    /// <summary>What a title gains that is asked for word by word.</summary>
    private const double WholeTitleGain = 0.6;
    private const double SlipWeight = 0.5;

    /// <summary>The table of calls finds what no page explains, and stands back where one does.</summary>
    private const double ReferenceWeight = 0.45;

    private readonly Lazy<Postings> postings = new(() => new Postings(library));

    public int SectionCount => postings.Value.Sections.Count;

    /// <summary>The sections that answer best, the first being the best; <c>Guessed</c> when a word was taken for another.</summary>
    public (IReadOnlyList<(HelpSection Section, double Score)> Found, IReadOnlyList<string> Words, bool Guessed) Find(string question, int limit)
    {
        var index = postings.Value;
        var said = HelpWords.Of(question).Distinct(StringComparer.Ordinal).ToList();
        var scores = new Dictionary<int, double>();
        var words = new List<string>(said);
        var guessed = false;
        foreach (var word in said)
        {
            if (index.Add(word, 1, scores) || HelpWords.Meant([word]).Any())
            {
                continue;
            }

            foreach (var near in index.Near(word))
            {
                guessed |= index.Add(near, SlipWeight, scores);
                words.Add(near);
            }
        }

        foreach (var word in HelpWords.Meant(words))
        {
            index.Add(word, SynonymWeight, scores);
        }

        var best = scores.Select(score => (Place: score.Key, Score: score.Value * (1 + (WholeTitleGain * index.TitleShare(score.Key, words)))))
            .OrderByDescending(score => score.Score).ThenBy(score => score.Place).Take(limit)
            .Select(score => (index.Sections[score.Place], score.Score)).ToList();
        return (best, words, guessed);
    }

    private sealed class Postings
    {
        private readonly Dictionary<string, List<(int Section, double Weight)>> byWord = new(StringComparer.Ordinal);

        private readonly string[][] titles;

        public Postings(GuideLibrary library)
        {
            Sections = [.. library.Pages.SelectMany(HelpSection.Of)];
            titles = [.. Sections.Select(section => section.Above.Length == 0 ? [] : HelpWords.Of(section.Title).ToArray())];
            var weighed = Sections.Select(Weigh).ToList();
            var lengths = Sections.Select(section => (double)HelpWords.Of(section.Text).Count()).ToList();
            var usual = Math.Max(1, lengths.Average());
            for (var i = 0; i < Sections.Count; i++)
            {
                var norm = 1 - LengthWeight + (LengthWeight * lengths[i] / usual);
                var part = Sections[i].Document.Path == GuideLibrary.ApiReferencePath ? ReferenceWeight : 1;
                foreach (var (word, count) in weighed[i])
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

        /// <summary>How much of a title is among the words. What a page says before its first section gains nothing.</summary>
        public double TitleShare(int section, List<string> words) => titles[section].Length == 0 ? 0
            : titles[section].Count(words.Contains) / (double)titles[section].Length;

        public bool Add(string word, double weight, Dictionary<int, double> scores)
        {
            if (!byWord.TryGetValue(word, out var list))
            {
                return false;
            }

            var rarity = Math.Log(1 + ((Sections.Count - list.Count + 0.5) / (list.Count + 0.5)));
            foreach (var (section, value) in list)
            {
                scores[section] = scores.GetValueOrDefault(section) + (weight * rarity * value);
            }

            return true;
        }

        /// <summary>Words that are few slips away, or that begin with what was written.</summary>
        public IEnumerable<string> Near(string word) => word.Length < 4 ? [] : byWord.Keys
            .Where(known => Math.Abs(known.Length - word.Length) <= 2 || known.StartsWith(word, StringComparison.Ordinal))
            .Select(known => (known, Slips: known.StartsWith(word, StringComparison.Ordinal) ? 1 : Spelling.Distance(word, known)))
            .Where(near => near.Slips <= Spelling.SlipsMax(word.Length)).OrderBy(near => near.Slips).Take(3).Select(near => near.known);

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
}
