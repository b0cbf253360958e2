using System.Collections.Concurrent;
using Remix.JsRuntime;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// The secrets that a run has opened, kept out of what it wrote and threw: who reads logs, or is told of a failure, may run
/// the agent and not know what it knows. What it returns is the author's to say.
/// </summary>
internal sealed class SecretMask
{
    /// <summary>A shorter one is a part of other words, which would be unreadable without it.</summary>
    public const int LengthMin = 6;

    public const string Sign = "•••";

    private readonly ConcurrentDictionary<string, bool> opened = new(StringComparer.Ordinal);

    public void Add(string secret)
    {
        if (secret.Length >= LengthMin)
        {
            opened[secret] = true;
        }
    }

    public JsRunResult Over(JsRunResult result) => opened.IsEmpty ? result : result with
    {
        Error = result.Error is { } error ? new JsError(Over(error.Name), Over(error.Message), Over(error.Stack)) : null,
        Logs = [.. result.Logs.Select(line => line with { Text = Over(line.Text) })],
    };

    private string Over(string text) => opened.Keys.OrderByDescending(secret => secret.Length)
        .Aggregate(text, (masked, secret) => masked.Replace(secret, Sign, StringComparison.Ordinal));
}
