namespace Remix.Platform.Realtime;

/// <summary>Somebody who may hear a channel, and what it is told first.</summary>
/// <param name="Member">An agent's id, or a user's.</param>
/// <param name="Hello">The fields of the hello frame beside <c>seq</c>, made from those present. It holds little: a connection keeps it.</param>
/// <param name="Speaks">Whether what it says in passing (typing, session) is passed on to the others.</param>
public sealed record LiveMember(string Channel, string Member, string UserId, bool Speaks, Func<IReadOnlyList<string>, Task<object>> Hello);
