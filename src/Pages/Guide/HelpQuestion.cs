namespace Remix.Pages.Guide;

/// <summary>
/// A question, taken apart: for each thing that it names, the words that may stand for it, and how surely. A word that is not
/// known is read as the nearest that is; what else it may have been counts little, a synonym less than the word itself.
/// </summary>
/// <param name="Said">The words as they were meant.</param>
/// <param name="Things">By the word that may stand for it, how surely.</param>
/// <param name="Pairs">The same of words that follow each other.</param>
/// <param name="Words">All of those.</param>
/// <param name="Guessed">Whether a word was taken for another.</param>
internal sealed record HelpQuestion(
    IReadOnlyList<string> Said, IReadOnlyList<IReadOnlyDictionary<string, double>> Things,
    IReadOnlyList<IReadOnlyDictionary<string, double>> Pairs, IReadOnlySet<string> Words, bool Guessed)
{
    private const double SynonymWeight = 0.6;
    private const double SlipWeight = 0.25;
    private const double PairPart = 0.25;

    public static HelpQuestion Of(string text, HelpPostings postings)
    {
        var meant = HelpText.WithoutIds(HelpText.OfQuestion(text), postings.Knows);
        var slips = HelpWords.Said(meant).Distinct(StringComparer.Ordinal)
            .Where(word => !postings.Knows(HelpStems.Of(word)) && !HelpSynonyms.Of(HelpStems.Of(word)).Any())
            .Select(word => (word, near: postings.Near(word))).Where(slip => slip.near.Count > 0)
            .ToDictionary(slip => slip.word, slip => slip.near, StringComparer.Ordinal);
        var heard = HelpWords.Replaced(meant, slips.ToDictionary(slip => slip.Key, slip => slip.Value[0], StringComparer.Ordinal));
        var said = HelpWords.NamesIn(heard).Where(postings.Knows)
            .Concat(HelpWords.Of(HelpWords.WithoutCodes(heard, postings.Knows))).Distinct(StringComparer.Ordinal).ToList();
        var others = slips.Values.Where(near => near.Count > 1)
            .GroupBy(near => HelpStems.Of(near[0]), near => near.Skip(1).Select(HelpStems.Of), StringComparer.Ordinal)
            .ToDictionary(slip => slip.Key, slip => slip.First(), StringComparer.Ordinal);
        var things = said.Select(word => Thing(word, others.GetValueOrDefault(word, []), postings)).Where(thing => thing.Count > 0)
            .Concat(HelpSynonyms.OfTurns(said)
                .Select(turn => turn.Distinct(StringComparer.Ordinal).ToDictionary(word => word, _ => SynonymWeight, StringComparer.Ordinal)))
            .ToList();
        var pairs = HelpWords.PairsIn(heard).Where(postings.Knows).Distinct(StringComparer.Ordinal)
            .Select(pair => new Dictionary<string, double>(StringComparer.Ordinal) { [pair] = PairPart }).ToList();
        return new HelpQuestion(said, things, pairs,
            things.SelectMany(thing => thing.Keys).Concat(said).ToHashSet(StringComparer.Ordinal), slips.Count > 0);
    }

    private static Dictionary<string, double> Thing(string word, IEnumerable<string> near, HelpPostings postings)
    {
        var thing = new Dictionary<string, double>(StringComparer.Ordinal);
        if (postings.Knows(word))
        {
            thing[word] = 1;
        }

        Add(HelpSynonyms.Of(word), SynonymWeight);
        Add(near, SlipWeight);
        return thing;

        void Add(IEnumerable<string> words, double weight)
        {
            foreach (var added in words)
            {
                thing.TryAdd(added, weight);
            }
        }
    }
}
