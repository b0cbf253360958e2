using System.Text;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Topics;

/// <summary>What agents do with topics: an agent speaks on the topics of its own app.</summary>
internal sealed class CloudTopics(TopicStore store, CloudHosts hosts)
{
    public const int MessageBytesMax = 64 * 1024;

    /// <summary>Says the JSON to who listens now; with <paramref name="retain"/> also to who comes later, until the next is set.</summary>
    public Task Speak(WorkspaceFacts workspace, AgentName speaker, string topic, string json, bool retain)
    {
        var address = TopicAddress.Parse(topic) ?? throw Fault.BadRequest("TOPIC_MALFORMED", $"A topic is {TopicAddress.Forms}",
            $"At most {TopicAddress.LengthMax} characters, no empty parts.");
        if (!hosts.Is(address.Host, null) || address.Workspace != workspace.Name || address.App != speaker.App)
        {
            throw Fault.Forbidden($"{speaker.App}/{speaker.Agent} may speak on the topics of its own app only",
                $"They begin with /cloud/{hosts.Names[0]}/ws/{workspace.Name}/app/{speaker.App}/.");
        }

        return Encoding.UTF8.GetByteCount(json) > MessageBytesMax
            ? throw Fault.TooLarge($"A message is at most {MessageBytesMax / 1024} KB of JSON")
            : store.Speak(workspace.Id, address.Key, OnOneLine(json), retain);
    }

    /// <summary>A message is one line of the stream. JSON has line ends between its parts only, where blanks do as well.</summary>
    private static string OnOneLine(string json) => json.Replace('\n', ' ').Replace('\r', ' ');
}
