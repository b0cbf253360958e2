using System.Text.RegularExpressions;

namespace Remix.Pages.Guide;

/// <summary>What is to be searched of a text: its words, not the names of examples, the punctuation of JSON or the holes in an address.</summary>
internal static partial class HelpText
{
    [GeneratedRegex(@"^```(?<kind>\w*)\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence { get; }

    [GeneratedRegex(@"(?<=[""'{,]\s*)""(?<key>\w+)""\s*:|[?&](?<key>\w+)=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Field { get; }

    [GeneratedRegex(@"""(error|statusCode|code|hint|fix|details|path|message|request_id|success|ok|kind)""\s*:", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ErrorKey { get; }

    [GeneratedRegex(@"\b[A-Z]{2,}(_[A-Z]+)+\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"\b[45][0-9]{2}\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Status { get; }

    [GeneratedRegex(@"(https?|wss?)://[^/\s""]+|\{\{\w+\}\}|\{[\w?*]+\}|\$\w+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hole { get; }

    [GeneratedRegex(@"(?<=/(rooms|agents|studios|dm|badge)/)(?!me\b)[\w-]+(/[\w-]+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedInPath { get; }

    [GeneratedRegex(@"(?<![\w/.-])[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*(?![\w/])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id { get; }

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<path>[^`]+)` \|[^|]*\| (?<summary>.*) \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row { get; }

    /// <summary>What the table of calls says of each.</summary>
    public static IEnumerable<(string Call, string Summary)> Summaries(string text) => Row.Matches(text).Select(row =>
        (Key(new HelpCall(row.Groups["method"].Value, row.Groups["path"].Value)), row.Groups["summary"].Value));

    /// <summary>A call by what does not depend on how its parameters are named.</summary>
    public static string Key(HelpCall call) => $"{call.Method} {Hole.Replace(call.Path, "*")}";

    /// <summary>A section as it is searched: of its examples only which fields they name.</summary>
    public static string OfSection(string text) => Id.Replace(Hole.Replace(
        Fence.Replace(text, fence => string.Join(' ', Field.Matches(fence.Groups["code"].Value).Select(field => field.Groups["key"].Value))),
        " "), " ");

    /// <summary>A question as it is meant: an error that was pasted is its code and its sentence, a path what it leads to.</summary>
    public static string OfQuestion(string text)
    {
        var plain = Hole.Replace(NamedInPath.Replace(ErrorKey.Replace(text, " "), ""), " ");
        return Code.IsMatch(plain) ? Status.Replace(plain, " ") : plain;
    }

    /// <summary>The ids of somebody's rooms and agents in a question, of which the guide knows nothing.</summary>
    public static string WithoutIds(string text, Func<string, bool> isKnown) => Id.Replace(text,
        id => id.Value.Split('/').All(half => HelpWords.Of(half).All(isKnown)) ? id.Value : " ");
}
