using System.Text.RegularExpressions;

namespace Remix.Pages.Guide;

/// <summary>What stands below one heading of the guide, up to the next.</summary>
/// <param name="Also">What readers call it, for the search only.</param>
internal sealed partial record HelpSection(GuideDocument Document, string Title, string[] Above, string? Anchor, string Also, string Text)
{
    private const int CallsMax = 8;

    [GeneratedRegex(@"^<!-- also: (?<words>.*?) -->$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AlsoLine { get; }

    [GeneratedRegex(@"\b(?<method>GET|POST|PUT|PATCH|DELETE) (?<path>/[^\s`""'?\\)|,]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Call { get; }

    [GeneratedRegex("[^a-z0-9 _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchor { get; }

    public IReadOnlyList<HelpCall> Calls { get; } = [.. Call.Matches(Text)
        .Select(match => new HelpCall(match.Groups["method"].Value, match.Groups["path"].Value.TrimEnd('.', ':', ';')))
        .Distinct().Take(CallsMax)];

    public bool IsReference => Document.Path == GuideLibrary.ApiReferencePath;

    /// <summary>As what it is asked for: its title, and what readers call it.</summary>
    public IEnumerable<string> Phrases => Also.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Concat(Anchor is null || IsReference ? [] : [Title]);

    public string Address => Document.Address + (Anchor is null ? "" : $"#{Anchor}");

    public static IEnumerable<HelpSection> Of(GuideDocument document)
    {
        var (above, lines, also, inCode) = (new List<string>(), new List<string>(), "", false);
        var title = document.Title;
        foreach (var line in document.Body.Split('\n'))
        {
            inCode ^= line.StartsWith("```", StringComparison.Ordinal);
            var depth = inCode ? 0 : line.TakeWhile(letter => letter == '#').Count();
            if (depth > 0 && line.Length > depth && line[depth] == ' ')
            {
                if (Done() is { } section)
                {
                    yield return section;
                }

                above = [.. above.Take(depth - 2 < 0 ? 0 : depth - 1)];
                title = line[(depth + 1)..].Trim().Trim('`');
                above.Add(title);
                (lines, also) = ([], "");
            }
            else if (AlsoLine.Match(line) is { Success: true } match)
            {
                also = also.Length == 0 ? match.Groups["words"].Value : $"{also}, {match.Groups["words"].Value}";
            }
            else
            {
                lines.Add(line);
            }
        }

        if (Done() is { } last)
        {
            yield return last;
        }

        HelpSection? Done()
        {
            var text = string.Join('\n', lines).Trim();
            return text.Length == 0 ? null
                : new HelpSection(document, title, [.. above.SkipLast(1)], above.Count == 0 ? null : AnchorOf(title), also, text);
        }
    }

    private static string AnchorOf(string title) => NotInAnchor.Replace(title.ToLowerInvariant(), "").Replace(' ', '-');
}

/// <summary>A call that a section names.</summary>
internal sealed record HelpCall(string Method, string Path);
