using System.Text.Json.Nodes;

namespace Remix.JsRuntime.Workers.Objects;

/// <summary>On what state of an object something is done, as HTTP's conditional requests have it (RFC 9110, 13).</summary>
internal sealed record R2Condition(JsonArray? Matches, JsonArray? DoesNotMatch, long? Before, long? After, bool IsInSeconds)
{
    public static readonly R2Condition None = new(null, null, null, null, false);

    public static R2Condition Of(JsonObject? given) => given is null ? None : new R2Condition(given["etagMatches"] as JsonArray,
        given["etagDoesNotMatch"] as JsonArray, R2Request.NumberOf(given, "uploadedBefore"), R2Request.NumberOf(given, "uploadedAfter"),
        (bool?)given["secondsGranularity"] ?? false);

    public bool Holds(R2Object? found)
    {
        if (found is null)
        {
            return Matches is null && After is null;
        }

        var matches = Matches is null || Has(Matches, found.Tag, isStrong: true);
        var differs = DoesNotMatch is null || !Has(DoesNotMatch, found.Tag, isStrong: false);
        var at = Grain(found.UploadedAt);
        var isAfter = After is null || Grain(After.Value) < at || (DoesNotMatch is not null && differs);
        var isBefore = Before is null || at < Grain(Before.Value) || (Matches is not null && matches);
        return matches && differs && isAfter && isBefore;
    }

    private long Grain(long ms) => IsInSeconds ? ms / 1000 : ms;

    private static bool Has(JsonArray tags, string tag, bool isStrong) => tags.Any(one => (string?)one!["type"] switch
    {
        "wildcard" => true,
        "weak" when isStrong => false,
        _ => (string?)one["value"] == tag,
    });
}
