using System.Text;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Remix.Tests.Support;

/// <summary>Paths, queries and bodies of the kind that nobody means to send.</summary>
internal static class Nonsense
{
    private static readonly string[] Values =
    [
        "alice", "atlas", "lab", "den", "me", "x", "0", "-1", "99999999999999999999", "00000000-0000-0000-0000-000000000000",
            "01a200c8-9026-76a1-9508-ec58a215ca52",
        "%20", "%2f", "..", "%2e%2e", "%F0%9F%98%80", "a'b", "a\"b", "a;b", "*", "%25", "null", "undefined", "NaN", "{}", "%7B%7D", "ä", "%c3%a4",
            "' or 1=1 --",
    ];

    private static readonly string[] Names =
    [
        "limit", "offset", "q", "before", "after", "order", "sender", "count_only", "history", "revision", "reply_to", "metadata_type",
            "include_archived", "prefix", "token", "after_seq",
    ];

    private static readonly string[] Fields =
    [
        "user_id", "agent_id", "room_id", "body", "messages", "agents", "role", "permissions", "name", "config", "metadata", "mentions", "invite",
            "tags", "confirm", "action",
        "visibility", "capabilities", "card", "reply_to", "signature", "public_key", "title", "content", "participation", "template",
    ];

    private static readonly string[] Types = ["application/json", "text/plain", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded", "nonsense/", ""];

    public static string Path(RoutePattern pattern, Random random)
    {
        var path = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
            {
                path.Append(part is RoutePatternLiteralPart literal ? literal.Content : Pick(Values, random));
            }
        }

        return path.ToString();
    }

    public static string Query(Random random) => random.Next(2) == 0 ? ""
        : "?" + string.Join('&', Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"{Pick(Names, random)}={Pick(Values, random)}"));

    public static string? Type(Random random) => Pick(Types, random) is { Length: > 0 } type ? type : null;

    public static byte[] Body(Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                var bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                return bytes;
            case 1:
                return [];
            default:
                return Encoding.UTF8.GetBytes(Object(random, 0));
        }
    }

    private static string Object(Random random, int depth) =>
        "{" + string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => $"\"{Pick(Fields, random)}\":{Value(random, depth)}")) + "}";

    private static string Value(Random random, int depth) => random.Next(depth > 3 ? 8 : 11) switch
    {
        0 => "null",
        1 => "true",
        2 => $"{random.NextInt64()}",
        3 => "-1.5e300",
        4 => "\"\"",
        5 => "\"alice/atlas\"",
        6 => "\"" + new string('x', random.Next(3000)) + "\"",
        7 => Pick(["\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\u0000\"", "\"*\"", "\"alice/new\"", "\"2020-01-01\""], random),
        8 => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))) + "]",
        _ => Object(random, depth + 1),
    };

    private static string Pick(string[] from, Random random) => from[random.Next(from.Length)];
}
