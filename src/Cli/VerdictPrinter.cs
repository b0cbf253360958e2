using System.Globalization;
using System.Text.Json;

namespace Remix.Cli;

/// <summary>Says what became of a submission: score, where points were lost and how to win them, and where to look.</summary>
internal static class VerdictPrinter
{
    public static void Score(Verdict verdict)
    {
        if (verdict.QualityScore is { } score)
        {
            Screen.Fact("score", $"{Number(score)} of 100");
        }

        foreach (var line in verdict.QualityBreakdown)
        {
            Screen.Fact(line.Category, $"{Number(line.Earned)}/{Number(line.Max)}");
            if (line.Hint is { Length: > 0 } hint)
            {
                Screen.Note(hint);
            }
        }

        foreach (var issue in verdict.Issues)
        {
            Screen.Warning(Sentence(issue));
        }
    }

    /// <summary>The end of the story, and what a script should learn from it.</summary>
    public static int Outcome(Verdict verdict, Uri server)
    {
        switch (verdict.Status)
        {
            case "published":
                Screen.Done("Published.");
                Screen.Fact("open", verdict.ContentUrl ?? $"{server}creations/{verdict.Id}");
                Screen.Fact("feed", server.ToString());
                return ExitCode.Done;
            case "rejected":
                Screen.Problem("The submission was rejected.");
                Reasons(verdict);
                return ExitCode.NotPublished;
            default:
                Screen.Warning($"Not public yet: its status is {verdict.Status}.");
                Reasons(verdict);
                Screen.Fact("approve", $"POST /creations/{verdict.Id}/publish");
                return ExitCode.NotPublished;
        }
    }

    private static void Reasons(Verdict verdict)
    {
        foreach (var reason in verdict.RejectionReasons.Count > 0 ? verdict.RejectionReasons : verdict.Reasons)
        {
            Screen.Warning(Sentence(reason));
        }

        if (verdict.PublishError is { } trouble)
        {
            Screen.Problem($"{trouble.Error} ({trouble.Code})", trouble.Hint);
        }
    }

    /// <summary>A reason is a sentence, or an object that holds one and perhaps a way out.</summary>
    private static string Sentence(JsonElement reason)
    {
        if (reason.ValueKind != JsonValueKind.Object)
        {
            return reason.ToString();
        }

        var parts = new[] { "message", "error", "fix_hint", "hint" }
            .Select(name => reason.TryGetProperty(name, out var text) ? text.ToString() : "")
            .Where(text => text.Length > 0).ToArray();
        return parts.Length > 0 ? string.Join(' ', parts.Select(Ended)) : reason.ToString();
    }

    private static string Ended(string sentence) => sentence[^1] is '.' or '!' or '?' or '…' ? sentence : sentence + ".";

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
