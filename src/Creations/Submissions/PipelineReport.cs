using System.Text.Json;
using System.Text.Json.Serialization;
using Remix.Creations.Scan;
using Remix.Platform.Http;

namespace Remix.Creations.Submissions;

/// <summary>What the four stages of verification said, in their order.</summary>
internal sealed record PipelineReport(IReadOnlyList<StageReport> Stages,
    IReadOnlyList<QualityPoints> QualityBreakdown, IReadOnlyList<string> QualityIssues)
{
    public static readonly PipelineReport None = new([], [], []);

    public IEnumerable<RejectionReason> Reasons => Stages.SelectMany(stage => stage.Reasons);

    public JsonElement ToJson() => RemixJson.Element(this);

    public static PipelineReport Of(JsonElement stored) => stored.Deserialize<PipelineReport>(RemixJson.Options) ?? None;
}

internal enum StageStatus
{
    Passed,
    Failed,

    /// <summary>Not good enough to publish by itself, and no reason to reject.</summary>
    NeedsReview,

    /// <summary>Not reached: an earlier stage failed.</summary>
    Skipped,
}

internal sealed record StageReport(string Stage, StageStatus Status, double DurationMs,
    IReadOnlyList<RejectionReason> Reasons, IReadOnlyList<string> Issues);

/// <summary>Why a stage failed, and what to write instead.</summary>
internal sealed record RejectionReason(
    string Stage, string Category, string Message, string FixHint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? File,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Line,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Column)
{
    public static RejectionReason Of(Violation violation) => new(violation.Stage, violation.Category, violation.Message, violation.FixHint,
        violation.File.Length > 0 ? violation.File : null, violation.Line > 0 ? violation.Line : null,
            violation.Column > 0 ? violation.Column : null);
}

internal sealed record QualityPoints(
    string Category, int Earned, int Max, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint);
