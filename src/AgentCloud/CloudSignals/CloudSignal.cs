namespace Remix.AgentCloud.CloudSignals;

/// <summary>What has become of a promise.</summary>
internal enum SignalState
{
    Waiting,
    Sent,
    Canceled,
}

/// <summary>A promise of one value: whoever knows its id can await it, keep it, or cancel it, once.</summary>
/// <param name="Value">JSON, when it was sent.</param>
internal sealed record CloudSignal(string Id, SignalState State, string? Value)
{
    public const int WaitMsMax = 300_000;
    public const int WaitingMax = 10_000;
    public const int ValueBytesMax = 1024 * 1024;
    public const int KeptDays = 30;

    public string Url => $"/v1/signals/{Id}";
}
