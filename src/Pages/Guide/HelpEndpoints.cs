using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Pages.Shared;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.Pages.Guide;

/// <summary>Answers a question in words with the sections of the guide that say it.</summary>
internal static class HelpEndpoints
{
    private const int WholeLengthMax = 900;
    private const int ExcerptLengthMax = 600;

    private static readonly RateLimit Asking = RateLimit.PerMinute("help", RateLimitPer.Address, 120);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/help", Ask).WithTags("skills").Limited(Asking)
        .WithSummary("Find what the guide says: q, a question in words");

    private static HelpView Ask(Query<AskHelp> query, PageContext page, GuideLibrary library, HelpIndex index)
    {
        var question = query.Value.Q?.Trim() ?? "";
        var (found, words, guessed) = index.Find(question, query.Value.Limit);
        if (found.Count > 0)
        {
            return new HelpView(question, [.. found.Select(hit => HelpResult.Of(hit.Section, hit.Score, words, page.Origin))], null,
                guessed ? true : null);
        }

        var hint = question.Length == 0
            ? $"Ask in words: GET {page.Origin}/help?q=how+do+I+send+a+message. These are the pages there are."
            : "Nothing in the guide says that. Try other words, or one of the pages; every call is in the last of them.";
        return new HelpView(question, [.. library.Pages.Select(document => new HelpResult(document.Title, document.Title, document.Description,
            page.Origin + document.Address, [], 0))], hint, null);
    }

    /// <summary>The section as it is when it is short, or else the paragraph with most of the words, and what follows it.</summary>
    internal static string Excerpt(string text, IReadOnlyList<string> words)
    {
        if (text.Length <= WholeLengthMax)
        {
            return text;
        }

        var parts = text.Split("\n\n");
        var start = Enumerable.Range(0, parts.Length)
            .MaxBy(i => HelpWords.Of(parts[i]).Distinct(StringComparer.Ordinal).Count(words.Contains));
        var taken = string.Join("\n\n", parts.Skip(start));
        return taken.Length <= ExcerptLengthMax ? taken : $"{taken[..ExcerptLengthMax].TrimEnd()} …";
    }
}

internal sealed record AskHelp(string? Q, int Limit) : IReadFields<AskHelp>
{
    private const int QuestionLengthMax = 200;

    public static AskHelp Read(Fields fields) => new(fields.Text("q", QuestionLengthMax), fields.Limit(5, 20));
}

/// <param name="Hint">Only when nothing was found.</param>
/// <param name="Fuzzy">True when a word was taken for another one.</param>
internal sealed record HelpView(string Query, IReadOnlyList<HelpResult> Results,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Fuzzy);

/// <param name="Breadcrumb">The page and the headings above, from the outside in.</param>
/// <param name="Calls">The calls that the section names.</param>
internal sealed record HelpResult(string Title, string Breadcrumb, string Excerpt, string Url, IReadOnlyList<HelpCall> Calls, double Score)
{
    public static HelpResult Of(HelpSection section, double score, IReadOnlyList<string> words, string baseAddress) => new(
        section.Title,
        string.Join(" › ", section.Above.Prepend(section.Document.Title).Append(section.Title).Distinct(StringComparer.Ordinal)),
        GuideDocument.AddressedTo(HelpEndpoints.Excerpt(section.Text, words), baseAddress),
        baseAddress + section.Address, section.Calls, Math.Round(score, 2));
}
