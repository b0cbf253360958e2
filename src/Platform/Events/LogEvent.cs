namespace Remix.Platform.Events;

/// <summary>One row of the log.</summary>
/// <param name="Id">Grows over the whole log.</param>
/// <param name="Seq">Grows by one within the channel.</param>
/// <param name="Payload">JSON.</param>
/// <param name="AtMs">Unix milliseconds.</param>
public sealed record LogEvent(long Id, string Channel, long Seq, string Kind, string? Actor, string Payload, long AtMs);
