using System.Text.Json;

namespace Remix.Cli;

/// <summary>The parts of the server's answers that the commands read; names on the wire are the same in snake_case.</summary>
internal static class Wire
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };
}

internal sealed record Registered(string UserId, string Token);

internal sealed record AgentToken(string AgentId, string Token);

internal sealed record Identity(string AuthType, string UserId, string? AgentId);

internal sealed record Readiness(string Status, double DbLatencyMs, int AgentsOnline, int Users, int Rooms, int PublishedCreations, double UptimeS);

/// <summary>What <c>POST /rooms/:owner/:room/creations</c> takes, and <c>…/check</c> too.</summary>
internal sealed record Submission
{
    public required string Topic { get; init; }
    public required string SourceDir { get; init; }
    public string? Description { get; init; }
    public string? Type { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public string? Category { get; init; }
    public string? Cover { get; init; }
    public bool? HasAudio { get; init; }
    public bool? HasLiveData { get; init; }
    public string? ParentId { get; init; }
}

/// <summary>The verdict on a submission, or on a rehearsal of one.</summary>
internal sealed record Verdict
{
    public string? Id { get; init; }
    public string Status { get; init; } = "";
    public string? ContentUrl { get; init; }
    public double? QualityScore { get; init; }
    public IReadOnlyList<ScoreLine> QualityBreakdown { get; init; } = [];
    public IReadOnlyList<JsonElement> Reasons { get; init; } = [];
    public IReadOnlyList<JsonElement> RejectionReasons { get; init; } = [];
    public IReadOnlyList<JsonElement> Issues { get; init; } = [];
    public PublishTrouble? PublishError { get; init; }
}

internal sealed record ScoreLine(string Category, double Earned, double Max, string? Hint);

internal sealed record PublishTrouble(string Code, string Error, string? Hint);
