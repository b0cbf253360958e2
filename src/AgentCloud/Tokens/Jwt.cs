using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Tokens;

/// <summary>A signed token in its compact form, taken apart and not yet believed.</summary>
internal sealed record Jwt(string Algorithm, string? KeyId, JsonElement Claims, byte[] Signed, byte[] Signature)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    /// <summary>Whether the text has the look of one: three parts, where our own tokens have none.</summary>
    public static bool LooksLikeOne(string token) => token.Contains('.', StringComparison.Ordinal);

    public static Jwt Parse(string token)
    {
        if (token.Split('.') is not [var head, var body, var signature] || signature.Length == 0)
        {
            throw Malformed("It has not three parts: is it signed?");
        }

        var (header, claims) = (ObjectIn(head, "header"), ObjectIn(body, "payload"));
        if (header.TryGetProperty("crit", out _))
        {
            throw Malformed("Its header demands extensions (crit) that are not known here.");
        }

        var algorithm = Text(header, "alg") ?? throw Malformed("Its header names no algorithm.");
        return new Jwt(algorithm, Text(header, "kid"), claims, Encoding.ASCII.GetBytes($"{head}.{body}"), Bytes(signature, "signature"));
    }

    /// <summary>A member that is text; null when it is absent, and refused when it is something else.</summary>
    public static string? Text(JsonElement from, string name) => !from.TryGetProperty(name,
        out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? Readable(value, name) : throw Malformed($"Its {name} is no text.");

    /// <summary>A member that is a moment in Unix seconds; null when it is absent.</summary>
    public static double? Seconds(JsonElement from, string name) => !from.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && double.IsFinite(seconds) ? seconds
        : throw Malformed($"Its {name} is no time.");

    public static Fault Malformed(string message) => CloudCallers.Bad("TOKEN_MALFORMED", $"The token is malformed. {message}");

    private static JsonElement ObjectIn(string part, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(Bytes(part, name), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone()
                : throw Malformed($"Its {name} is no JSON object.");
        }
        catch (JsonException)
        {
            throw Malformed($"Its {name} is no JSON.");
        }
    }

    private static byte[] Bytes(string part, string name)
    {
        // The decoder would pass over blanks and padding, and one signature could be written in several ways.
        if (part.Length == 0 || part.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')))
        {
            throw Malformed($"Its {name} is not base64url.");
        }

        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            throw Malformed($"Its {name} is not base64url.");
        }
    }

    private static string Readable(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Malformed($"Its {name} is not valid Unicode.");
        }
    }
}
