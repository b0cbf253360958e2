using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Remix.JsRuntime.Workers.Objects;

/// <summary>One object of a bucket, without its bytes, which lie in a file named <paramref name="Body"/>.</summary>
/// <param name="Tag">Of an object that came whole, the MD5 of its bytes.</param>
/// <param name="Checksums">JSON: by the numbers that the binding has for algorithms, in hexadecimal digits.</param>
internal sealed record R2Object(string Key, string Body, string Version, long Size, string Tag, long UploadedAt, string Checksums, string Http,
    string Custom)
{
    private static readonly string[] Numbered = ["md5", "sha1", "sha256", "sha384", "sha512"];

    public static R2Object New(R2Request asked, R2Body body, string tag)
    {
        var checksums = new JsonObject();
        foreach (var (name, digest) in body.Digests.Where(pair => pair.Key != "md5" || pair.Value == tag))
        {
            checksums[Array.IndexOf(Numbered, name).ToString(CultureInfo.InvariantCulture)] = digest;
        }

        return new R2Object(asked.Key, body.Id, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), body.Size, tag,
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), checksums.ToJsonString(), asked.Http, asked.Custom);
    }

    /// <summary>The tag of an object made of parts: the MD5 of their MD5s, and how many they were.</summary>
    public static string JoinedTag(IReadOnlyList<R2Part> parts) => string.Create(CultureInfo.InvariantCulture,
        $"{Convert.ToHexStringLower(MD5.HashData(parts.SelectMany(part => Convert.FromHexString(part.Tag)).ToArray()))}-{parts.Count}");

    /// <summary>As the binding reads it.</summary>
    public JsonObject Shown((long Offset, long Length)? range = null, bool withHttp = true, bool withCustom = true)
    {
        var shown = new JsonObject
        {
            ["name"] = Key,
            ["version"] = Version,
            ["size"] = Size,
            ["etag"] = Tag,
            ["uploaded"] = UploadedAt,
            ["storageClass"] = "Standard",
            ["checksums"] = JsonNode.Parse(Checksums),
        };
        if (withHttp) shown["httpFields"] = JsonNode.Parse(Http);
        if (withCustom) shown["customFields"] = JsonNode.Parse(Custom);
        if (range is { } part) shown["range"] = new JsonObject { ["offset"] = part.Offset, ["length"] = part.Length };
        return shown;
    }
}

/// <summary>A part of an object that is being made, and what the object is to be served with.</summary>
internal sealed record R2Part(string Body, long Size, string Tag, string Http, string Custom);

/// <summary>Bytes that have come and are on disk.</summary>
internal sealed record R2Body(string Id, long Size, IReadOnlyDictionary<string, string> Digests);
