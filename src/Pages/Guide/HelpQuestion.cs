namespace Remix.Pages.Guide;

/// <summary>
/// A question, taken apart: for each thing that it names, the words that may stand for it, and how surely. A synonym
/// counts less than the word itself, and a word that is only near, as slips of the finger are, less still.
/// </summary>
/// <param name="Said">The words as they were asked.</param>
/// <param name="Things">By the word that may stand for it, how surely.</param>
/// <param name="Words">All of those.</param>
/// <param name="Guessed">Whether a word was taken for another.</param>
internal sealed record HelpQuestion(
    IReadOnlyList<string> Said, IReadOnlyList<IReadOnlyDictionary<string, double>> Things, IReadOnlySet<string> Words, bool Guessed)
{
    private const double SynonymWeight = 0.6;
    private const double SlipWeight = 0.5;

    public static HelpQuestion Of(string text, HelpPostings postings)
    {
        var said = HelpWords.Of(text).Distinct(StringComparer.Ordinal).ToList();
        var things = new List<Dictionary<string, double>>();
        var heard = new List<string>(said);
        foreach (var word in said)
        {
            var near = postings.Knows(word) || HelpSynonyms.Of(word).Any() ? [] : postings.Near(word);
            heard.AddRange(near);
            if (Thing(word, near, postings) is { Count: > 0 } thing)
            {
                things.Add(thing);
            }
        }

        things.AddRange(HelpSynonyms.OfTurns(heard)
            .Select(meant => meant.Distinct(StringComparer.Ordinal).ToDictionary(word => word, _ => SynonymWeight, StringComparer.Ordinal)));
        return new HelpQuestion(said, things, things.SelectMany(thing => thing.Keys).Concat(heard).ToHashSet(StringComparer.Ordinal),
            heard.Count > said.Count);
    }

    private static Dictionary<string, double> Thing(string word, IReadOnlyList<string> near, HelpPostings postings)
    {
        var thing = new Dictionary<string, double>(StringComparer.Ordinal);
        if (postings.Knows(word))
        {
            thing[word] = 1;
        }

        Add(HelpSynonyms.Of(word), SynonymWeight);
        Add(near, SlipWeight);
        Add(near.SelectMany(HelpSynonyms.Of), SlipWeight * SynonymWeight);
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
