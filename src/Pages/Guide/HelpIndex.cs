namespace Remix.Pages.Guide;

/// <summary>
/// Ranks the sections of the guide for a question: by their words, by how much of the question they cover, and by the
/// phrase of theirs that is most like it. All of it lies in memory and is never changed.
/// </summary>
internal sealed class HelpIndex(GuideLibrary library)
{
    /// <summary>What a title gains that is asked for word by word.</summary>
    private const double WholeTitleGain = 0.8;

    /// <summary>What a section gains by a phrase that is the question, in other words or the same.</summary>
    private const double PhraseGain = 2.2;

    /// <summary>What a section gains on a page that the question names: of messages, of files.</summary>
    private const double PageGain = 0.25;

    /// <summary>How much more a phrase counts that is the question than one that is somewhat like it.</summary>
    private const double LikePower = 1.5;

    /// <summary>Of a section's phrases its most like ones count, and this part of it is their average.</summary>
    private const int PhrasesMax = 3;
    private const double ManyPart = 0.3;

    /// <summary>What a phrase of several words is like a long question that holds all of it.</summary>
    private const double HeldPart = 0.6;

    /// <summary>The part of the score that counts only as far as the question is covered.</summary>
    private const double CoverPart = 0.35;

    /// <summary>What a page says before its first section names everything and explains nothing.</summary>
    private const double BeginningWeight = 0.5;

    private readonly Lazy<HelpPostings> postings =
        new(() => new HelpPostings([.. library.Pages.SelectMany(HelpSection.Of)]));

    private readonly Lazy<Dictionary<string, HelpSection>> asPhrased = new(() => library.Pages.SelectMany(HelpSection.Of)
        .SelectMany(section => section.Phrases.Select(phrase => (Phrase: Plain(phrase), section)))
        .Where(pair => pair.Phrase.Length > 0).DistinctBy(pair => pair.Phrase)
        .ToDictionary(pair => pair.Phrase, pair => pair.section, StringComparer.Ordinal));

    public int SectionCount => postings.Value.Sections.Count;

    /// <summary>The sections that answer best, the first being the best; <c>Guessed</c> when a word was taken for another.</summary>
    public (IReadOnlyList<(HelpSection Section, double Score)> Found, IReadOnlyList<string> Words, bool Guessed) Find(
        string text, int limit)
    {
        var question = HelpQuestion.Of(text, postings.Value);
        var ranked = Rank(question);
        if (asPhrased.Value.TryGetValue(Plain(text), out var phrased))
        {
            ranked.Insert(0, (phrased, 1 + (ranked.Count > 0 ? ranked[0].Score : 0)));
        }

        return ([.. ranked.DistinctBy(hit => hit.Section.Address).Take(limit)], [.. question.Words], question.Guessed);
    }

    private List<(HelpSection Section, double Score)> Rank(HelpQuestion question)
    {
        var index = postings.Value;
        var (scores, covered, all) = (new Dictionary<int, double>(), new Dictionary<int, double>(), 0.0);
        foreach (var thing in question.Things.Concat(question.Pairs))
        {
            // Of the words that may stand for a thing the best one counts, so that it is not asked for twice.
            var best = new Dictionary<int, double>();
            var most = 0.0;
            foreach (var (word, sureness) in thing.Where(variant => index.Knows(variant.Key)))
            {
                var rarity = sureness * index.Rarity(word);
                most = Math.Max(most, rarity);
                foreach (var (section, weight) in index.Of(word))
                {
                    best[section] = Math.Max(best.GetValueOrDefault(section), rarity * weight);
                }
            }

            all += most;
            foreach (var (section, score) in best)
            {
                scores[section] = scores.GetValueOrDefault(section) + score;
                covered[section] = covered.GetValueOrDefault(section) + most;
            }
        }

        return [.. scores.Select(score => (score.Key, Score: score.Value * Gain(score.Key, question)
                * (1 - CoverPart + (CoverPart * covered[score.Key] / all))))
            .OrderByDescending(score => score.Score).ThenBy(score => score.Key)
            .Select(score => (index.Sections[score.Key], score.Score))];
    }

    private double Gain(int place, HelpQuestion question)
    {
        var index = postings.Value;
        var section = index.Sections[place];
        var title = index.Titles[place];
        var share = title.Length == 0 ? 0 : title.Count(question.Words.Contains) / (double)title.Length;
        var likenesses = index.Phrases[place].Select(phrase => Likeness(phrase, question)).OrderDescending().Take(PhrasesMax).ToList();
        var likeness = likenesses.Count == 0 ? 0 : ((1 - ManyPart) * likenesses[0]) + (ManyPart * likenesses.Average());
        var isNamed = HelpWords.Of(section.Document.Title).Any(word => question.Said.Contains(word, StringComparer.Ordinal));
        return (1 + (WholeTitleGain * share)) * (1 + (PhraseGain * Math.Pow(likeness, LikePower)))
            * (1 + (isNamed ? PageGain : 0)) * (section.Above.Length == 0 ? BeginningWeight : 1);
    }

    /// <summary>How alike the phrase and the question are, rare words counting more: 1 when they say the same.</summary>
    private double Likeness(string[] phrase, HelpQuestion question)
    {
        var index = postings.Value;
        var common = question.Things.Sum(thing => phrase.Where(thing.ContainsKey)
            .Select(word => thing[word] * Math.Pow(index.Rarity(word), 2)).DefaultIfEmpty().Max());
        var lengths = Math.Sqrt(phrase.Sum(word => Math.Pow(index.Rarity(word), 2)))
            * Math.Sqrt(question.Things.Sum(thing => Math.Pow(thing.Keys.Max(index.Rarity), 2)));
        var held = common / phrase.Sum(word => Math.Pow(index.Rarity(word), 2));
        return lengths <= 0 ? 0 : phrase.Length == 1 ? common / lengths : Math.Max(common / lengths, HeldPart * held * held);
    }

    private static string Plain(string text) => string.Join(' ', string.Concat(text.ToLowerInvariant()
        .Select(letter => char.IsLetterOrDigit(letter) || letter == '_' ? letter : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
