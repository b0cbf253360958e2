using System.Text.Json;
using System.Text.Json.Serialization;
using Remix.Platform.Http;

namespace Remix.AgentCloud.CloudSignals;

/// <summary>One of two outcomes, tagged as agents know it: <c>ok(value)</c> or <c>error(reason)</c>.</summary>
internal sealed record CaseView(
    [property: JsonPropertyName("_rmx_type")] string Type, [property: JsonPropertyName("_rmx_value")] JsonElement Value)
{
    public static CaseView Of(CloudSignal signal) => signal.State switch
    {
        SignalState.Sent => Ok(JsonSerializer.Deserialize<JsonElement>(signal.Value!, RemixJson.Options)),
        SignalState.Canceled => Error("canceled"),
        _ => Error("timeout"),
    };

    private static CaseView Ok(JsonElement value) => new("{tag}case:ok", value);

    private static CaseView Error(string reason) => new("{tag}case:error", RemixJson.Element(reason));
}
