using System.Text.Json;
using Remix.AgentCloud.CloudSignals;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Topics;
using Remix.Platform.Http;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// <c>remix.topics</c>: <c>publish(topic, message)</c>, <c>set(topic, message)</c>; a topic is named whole, or by what follows
/// the app. <c>remix.signals</c>: <c>create()</c>, <c>await(signal, {timeout})</c>, <c>send(signal, value)</c>, <c>cancel(signal)</c>.
/// </summary>
internal sealed class HostMessages(CloudTopics topics, SignalStore signals, SignalWaits waits, CloudHosts hosts)
{
    private const string SignalPath = "/v1/signals/";

    public async Task<ReadOnlyMemory<byte>> Do(AgentCall call, HostArguments given, TimeSpan left, CancellationToken stop)
    {
        switch (given.Operation)
        {
            case "topics.publish" or "topics.set":
                await topics.Speak(call.Workspace, call.Name, Topic(call, given.Text(0, "the topic")), Value(given), given.Operation == "topics.set");
                return "null"u8.ToArray();
            case "signals.create":
                var signal = await signals.Create(Creator(call));
                return JsonSerializer.SerializeToUtf8Bytes(new { id = signal.Id, url = signal.Url });
            case "signals.await":
                var patience = TimeSpan.FromMilliseconds(Math.Clamp(given.NumberOption(1,
                    "timeout") ?? CloudSignal.WaitMsMax, 0, CloudSignal.WaitMsMax));
                var settled = await waits.Await(SignalId(given), patience < left ? patience : left, stop);
                return JsonSerializer.SerializeToUtf8Bytes(CaseView.Of(settled), RemixJson.Options);
            case "signals.send":
                await signals.Send(SignalId(given), Value(given));
                return "null"u8.ToArray();
            case "signals.cancel":
                await signals.Cancel(SignalId(given));
                return "null"u8.ToArray();
            default:
                throw given.Wrong("there is no such function");
        }
    }

    private string Topic(AgentCall call, string topic) => topic.StartsWith("/cloud/", StringComparison.Ordinal) ? topic
        : $"/cloud/{hosts.Names[0]}/ws/{call.Workspace.Name}/app/{call.App}/{topic.TrimStart('/')}";

    private static string Value(HostArguments given) => given.Json(given.At(1), "the value", CloudSignal.ValueBytesMax);

    private static string SignalId(HostArguments given)
    {
        var text = given.At(0) is { ValueKind: JsonValueKind.Object } signal && signal.TryGetProperty("id", out var id)
            && id.ValueKind == JsonValueKind.String ? id.GetString()! : given.Text(0, "the signal");
        var path = text.IndexOf(SignalPath, StringComparison.Ordinal);
        return path < 0 ? text : text[(path + SignalPath.Length)..];
    }

    /// <summary>A signal counts for who runs the agent; where nobody shows who he is, for the app.</summary>
    private static CloudCaller Creator(AgentCall call) => call.Chain.User.IsAnonymous
        ? CloudCaller.OfToken($"app:{call.Workspace.Id}", call.App, null, isOwn: true) : call.Chain.User;
}
