using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Remix.Creations.Scan;
using Remix.Platform.Settings;

namespace Remix.Creations.Submissions;

/// <summary>
/// The last stage: an external service when the operator named one, else the rules of the safety stage, which have passed
/// by then. A service that does not answer keeps nobody from publishing: a server without a network must publish.
/// </summary>
internal sealed class Moderation(RemixSettings settings, IHttpClientFactory clients, ILogger<Moderation> log)
{
    public const string Stage = "moderation";

    private const int TextLengthMax = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public async Task<(IReadOnlyList<Violation> Violations, IReadOnlyList<string> Issues,
        StageStatus Status)> Run(ScanSubject subject, CancellationToken cancel)
    {
        if (settings.ModerationUrl is not { } url)
        {
            return ([], [], StageStatus.Passed);
        }

        try
        {
            using var client = clients.CreateClient();
            client.Timeout = Patience;
            using var answer = await client.PostAsJsonAsync(url, Question(subject), cancel);
            answer.EnsureSuccessStatusCode();
            return Verdict(await answer.Content.ReadFromJsonAsync<JsonElement>(cancel));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            log.LogWarning(e, "The moderation service at {Url} gave no verdict; the safety rules decide", url);
            return ([], ["By the safety rules: the external service gave no verdict."], StageStatus.Passed);
        }
    }

    private static object Question(ScanSubject subject)
    {
        var page = subject.Find(ScanSubject.EntryPoint) is { } index ? System.Text.Encoding.UTF8.GetString(index.Content().Span) : "";
        return new
        {
            topic = subject.Topic,
            description = subject.Description,
            tags = subject.Tags,
            html = page.Length > TextLengthMax ? page[..TextLengthMax] : page
        };
    }

    /// <summary><c>{"flagged": bool, "reasons": [text]}</c></summary>
    private static (IReadOnlyList<Violation>, IReadOnlyList<string>, StageStatus) Verdict(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("flagged", out var flagged) || flagged.ValueKind != JsonValueKind.True)
        {
            return ([], [], StageStatus.Passed);
        }

        var reasons = answer.TryGetProperty("reasons", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(reason => reason.ToString()).ToList() : ["The moderation service flagged it."];
        return ([.. reasons.Select(reason => new Violation(Stage, "moderation", reason,
            "Change what is named, then resubmit.", ""))], [], StageStatus.Failed);
    }
}
