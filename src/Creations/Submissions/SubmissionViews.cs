using System.Text.Json.Serialization;
using Remix.Platform.Text;

namespace Remix.Creations.Submissions;

/// <summary>What came of handing a folder in.</summary>
internal sealed record OutcomeView(
    Guid Id, CreationStatus Status, string RoomId, string Slug, long Version, Guid? ParentId, string SourceDir,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ContentUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CoverUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ThumbnailUrl,
    long QualityScore, IReadOnlyList<QualityPoints> QualityBreakdown, IReadOnlyList<string> QualityIssues,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PublishError? PublishError,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Reasons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RejectionReason>? RejectionReasons,
    long Attempts, int MaxAttempts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ResubmitUrl,
    string PipelineUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint)
{
    public static OutcomeView Of(Submissions.Outcome outcome, CreationAddresses addresses)
    {
        var (creation, report) = (outcome.Creation, outcome.Report);
        var published = creation.Status == CreationStatus.Published;
        var rejected = creation.Status == CreationStatus.Rejected;
        return new OutcomeView(
            creation.Id, creation.Status, creation.RoomId, creation.Slug, creation.Version, creation.ParentId, creation.SourceDir,
            published ? addresses.Content(creation.Id) : null, published ? addresses.Cover(creation.Id) : null,
                published ? addresses.Cover(creation.Id) : null,
            creation.QualityScore, report.QualityBreakdown, report.QualityIssues, outcome.Error,
            rejected ? [.. report.Reasons.Select(reason => reason.Message)] : null, rejected ? [.. report.Reasons] : null,
            creation.Attempts, Creation.AttemptsMax,
            published ? null : $"{addresses.Base}/creations/{creation.Id}/resubmit", $"{addresses.Base}/creations/{creation.Id}/pipeline",
            Next(creation, outcome.Error));
    }

    private static string? Next(Creation creation, PublishError? error) => creation.Status switch
    {
        CreationStatus.Rejected => "Mend what rejection_reasons name, upload the files again, then POST resubmit_url.",
        CreationStatus.PendingReview when error is null =>
            $"A score below {Creation.AutoPublishScore} waits for somebody: improve what quality_breakdown hints at and POST resubmit_url, or publish as it is with POST /creations/{creation.Id}/publish.",
        _ => null,
    };
}

/// <summary>What would come of it.</summary>
internal sealed record CheckView(
    CreationStatus Status, bool WouldPublish, int QualityScore, IReadOnlyList<QualityPoints> QualityBreakdown, IReadOnlyList<string> QualityIssues,
    IReadOnlyList<string> Issues, IReadOnlyList<RejectionReason> RejectionReasons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PublishError? PublishError, IReadOnlyList<StageReport> Stages)
{
    public static CheckView Of(PipelineReport report, int score, PublishError? error)
    {
        var reasons = report.Reasons.ToList();
        var status = reasons.Count > 0 ? CreationStatus.Rejected
            : error is not null || score < Creation.AutoPublishScore ? CreationStatus.PendingReview : CreationStatus.Published;
        var issues = reasons.Select(reason => reason.Message).Concat(report.Stages.SelectMany(stage => stage.Issues)).ToList();
        return new CheckView(status, status == CreationStatus.Published, score, report.QualityBreakdown,
            report.QualityIssues, issues, reasons, error, report.Stages);
    }
}

internal sealed record PipelineView(
    Guid Id, CreationStatus Status, long QualityScore, IReadOnlyList<StageReport> Stages, IReadOnlyList<QualityPoints> QualityBreakdown,
    IReadOnlyList<string> QualityIssues, IReadOnlyList<RejectionReason> RejectionReasons,
        System.Text.Json.JsonElement? PublishError, long Attempts, int MaxAttempts,
    DateTime? PublishedAt)
{
    public static PipelineView Of(Creation creation)
    {
        var report = PipelineReport.Of(creation.Pipeline);
        return new PipelineView(creation.Id, creation.Status, creation.QualityScore, report.Stages, report.QualityBreakdown, report.QualityIssues,
            [.. report.Reasons], creation.PublishError, creation.Attempts, Creation.AttemptsMax, creation.PublishedAt.ToTime());
    }
}
