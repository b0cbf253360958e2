using Microsoft.AspNetCore.Http;

namespace Remix.Platform.Http;

/// <summary>Every answer carries <c>X-Request-Id</c>: the caller's own when it sent a sensible one, else 8 bytes in hex.</summary>
public static class RequestIds
{
    public const string Header = "X-Request-Id";

    private const int LengthMax = 128;

    public static string RequestId(this HttpContext context) =>
        context.Response.Headers.TryGetValue(Header, out var id) && id.Count > 0 ? id[0]! : Assign(context);

    internal static string Assign(HttpContext context)
    {
        var sent = context.Request.Headers[Header];
        var id = sent.Count == 1 && IsSensible(sent[0]) ? sent[0]! : New();
        context.Response.Headers[Header] = id;
        return id;
    }

    internal static string New() => Random.Shared.NextInt64(long.MinValue, long.MaxValue).ToString("x16");

    private static bool IsSensible(string? id) =>
        id is { Length: > 0 and <= LengthMax } && id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}
