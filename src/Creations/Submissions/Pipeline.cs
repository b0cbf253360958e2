using System.Diagnostics;
using Remix.Creations.Scan;
using Remix.Creations.Scan.Quality;
using Remix.Creations.Scan.Safety;
using Remix.Platform.Blobs;
using Remix.Rooms.Files;

namespace Remix.Creations.Submissions;

/// <summary>
/// Verification in its four stages: static scan, quality, safety, moderation. A violation in a stage rejects and ends it;
/// a low score only asks for somebody's eyes.
/// </summary>
internal sealed class Pipeline(BlobStore blobs, Moderation moderation)
{
    /// <summary>Reads the files and runs the stages. Returns the report and the score.</summary>
    public async Task<(PipelineReport Report, int Score)> Run(SubmitCreation wish, IReadOnlyList<RoomFile> files, CancellationToken cancel)
    {
        var subject = await Read(wish, files, cancel);
        var stages = new List<StageReport>();
        var scan = await Stage(stages, StaticScan.Stage, () =>
        {
            var result = StaticScan.Run(subject);
            return Task.FromResult((result.Violations, result.Issues, result.Passed ? StageStatus.Passed : StageStatus.Failed));
        });

        var quality = QualityScore.Of(subject);
        var enough = quality.Score >= Creation.AutoPublishScore;
        stages.Add(new StageReport(QualityScore.Stage, enough ? StageStatus.Passed : StageStatus.NeedsReview, 0, [], quality.Issues));

        if (scan)
        {
            var safe = await Stage(stages, SafetyReview.Stage, () =>
            {
                var violations = SafetyReview.Run(subject);
                return Task.FromResult((violations, (IReadOnlyList<string>)[], violations.Count == 0 ? StageStatus.Passed : StageStatus.Failed));
            });
            if (safe)
            {
                await Stage(stages, Moderation.Stage, () => moderation.Run(subject, cancel));
            }
        }

        foreach (var skipped in new[] { SafetyReview.Stage, Moderation.Stage }.Skip(stages.Count - 2))
        {
            stages.Add(new StageReport(skipped, StageStatus.Skipped, 0, [], []));
        }

        var points = quality.Breakdown.Select(part => new QualityPoints(part.Category, part.Earned, part.Max, part.Hint)).ToList();
        return (new PipelineReport(stages, points, quality.Issues), quality.Score);
    }

    private static async Task<bool> Stage(List<StageReport> stages, string name,
        Func<Task<(IReadOnlyList<Violation> Violations, IReadOnlyList<string> Issues, StageStatus Status)>> run)
    {
        var started = Stopwatch.GetTimestamp();
        var (violations, issues, status) = await run();
        stages.Add(new StageReport(name, status, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1),
            [.. violations.Select(RejectionReason.Of)], issues));
        return status != StageStatus.Failed;
    }

    /// <summary>Only what the stages look into is read; the rest is named with its size.</summary>
    private async Task<ScanSubject> Read(SubmitCreation wish, IReadOnlyList<RoomFile> files, CancellationToken cancel)
    {
        var prefix = wish.SourceDir == "." ? 0 : wish.SourceDir.Length + 1;
        var read = new List<ScanFile>();
        foreach (var file in files)
        {
            var path = file.Path[prefix..];
            if (path == wish.Cover || IsText(path))
            {
                var bytes = await blobs.Bytes(file.Sha256, cancel);
                read.Add(new ScanFile(path, file.Size, file.ContentType, () => bytes));
            }
            else
            {
                read.Add(new ScanFile(path, file.Size, file.ContentType, static () => ReadOnlyMemory<byte>.Empty));
            }
        }

        return new ScanSubject(read, wish.Topic, wish.Description, wish.Type, wish.Tags, wish.Cover);
    }

    private static bool IsText(string path) =>
        StaticScan.Reads(path) || Path.GetExtension(path).ToLowerInvariant() is ".json" or ".txt" or ".md" or ".js" or ".mjs";
}
