namespace Remix.Platform.Http;

/// <summary>The answer of a call that has nothing to show.</summary>
public sealed record OkView(bool Ok);

/// <summary>The shape of a list, where the reference gives it no other.</summary>
public sealed record ListView<T>(IReadOnlyList<T> Items, long Total, int Limit, bool HasMore);
