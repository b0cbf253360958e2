using System.Globalization;

namespace Remix.Platform.Search;

/// <summary>A condition that short texts must meet: of each group of words one occurs in them, anywhere.</summary>
public sealed class TextMatch
{
    private readonly List<string> conditions = [];
    private readonly List<object?> args = [];

    /// <param name="columns">SQL expressions of the texts, of which one must contain the word.</param>
    /// <param name="taken">How many arguments the statement has before these.</param>
    public TextMatch(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> groups, int taken)
    {
        foreach (var group in groups)
        {
            var alternatives = new List<string>();
            foreach (var word in group)
            {
                args.Add($"%{Escaped(word.ToLowerInvariant())}%");
                var place = "$" + (taken + args.Count).ToString(CultureInfo.InvariantCulture);
                alternatives.AddRange(columns.Select(column => $"lower({column}) like {place} escape '!'"));
            }

            conditions.Add($"({string.Join(" or ", alternatives)})");
        }
    }

    /// <summary>Begins with "and" unless it is empty.</summary>
    public string And => string.Concat(conditions.Select(condition => $" and {condition}"));

    public IReadOnlyList<object?> Args => args;

    private static string Escaped(string word) =>
        word.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
