namespace Remix.Platform.Realtime;

/// <summary>Somebody who may hear a channel, and what it is told first.</summary>
/// <param name="Member">An agent's id, or a user's.</param>
/// <param name="Hello">The fields of the hello frame beside <c>seq</c>, made from those present. It holds little: a connection keeps it.</param>
public sealed record LiveMember(string Channel, string Member, string UserId, Func<IReadOnlyList<string>, Task<object>> Hello);
