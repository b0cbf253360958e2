using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Remix.JsRuntime.Workers.Objects;

/// <summary>What a worker asks of a bucket. The binding leaves out what has its default, and writes long numbers as texts.</summary>
internal sealed record R2Request(string Method, JsonObject Given)
{
    public const int KeyBytesMax = 1024, MetadataBytesMax = 8192, KeysMax = 1000;

    private static readonly string[] Algorithms = ["md5", "sha1", "sha256", "sha384", "sha512"];

    public string Key => Named(TextOf("object"));

    public string UploadId => TextOf("uploadId") ?? throw R2Exception.NoSuchUpload();

    public int PartNumber => (int)(NumberOf(Given, "partNumber") ?? 0) is > 0 and <= 10_000 and var number ? number : throw R2Exception.NoSuchPart();

    /// <summary>How the object is to be served: its type, its caching.</summary>
    public string Http { get; init; } = Given["httpFields"]?.ToJsonString() ?? "{}";

    /// <summary>What the author keeps with the object: a list of <c>{k, v}</c>.</summary>
    public string Custom { get; init; } = Given["customFields"]?.ToJsonString() ?? "[]";

    public R2Condition Condition => R2Condition.Of(Given["onlyIf"] as JsonObject);

    public IReadOnlyList<string> Keys => Given["objects"] is JsonArray many
        ? many.Count <= KeysMax ? [.. many.Select(key => Named((string?)key))] : throw R2Exception.BadLimit() : [Key];

    /// <summary>The parts to make an object of, in order.</summary>
    public IReadOnlyList<(int Number, string Tag)> Parts => [.. (Given["parts"] as JsonArray ?? []).Select(part =>
        ((int)(NumberOf(part!.AsObject(), "part") ?? 0), (string?)part["etag"] ?? ""))];

    /// <summary>Checksums that the author knows, by their algorithm.</summary>
    public Dictionary<string, byte[]> Digests => Algorithms.Where(Given.ContainsKey).ToDictionary(name => name,
        name => name == "md5" ? Convert.FromBase64String(TextOf(name)!) : Convert.FromHexString(TextOf(name)!), StringComparer.Ordinal);

    public static R2Request Read(byte[] json)
    {
        var given = JsonNode.Parse(json)!.AsObject();
        var asked = new R2Request((string?)given["method"] ?? "", given);
        return Encoding.UTF8.GetByteCount(asked.Http) + Encoding.UTF8.GetByteCount(asked.Custom) <= MetadataBytesMax
            ? asked : throw R2Exception.TooMuchMetadata();
    }

    public string? TextOf(string field) => (string?)Given[field];

    public long? NumberOf(string field) => NumberOf(Given, field);

    public static long? NumberOf(JsonObject from, string field) => from[field] is not { } value ? null
        : value.GetValueKind() == JsonValueKind.String ? long.Parse((string)value!, CultureInfo.InvariantCulture) : (long)(double)value;

    /// <summary>The bytes that are asked for, of so many.</summary>
    public (long Offset, long Length) Range(long size)
    {
        if (TextOf("rangeHeader") is { } header)
        {
            return OfHeader(header, size);
        }

        if (Given["range"] is not JsonObject range)
        {
            return (0, size);
        }

        if (NumberOf(range, "suffix") is { } suffix)
        {
            return suffix > 0 ? (Math.Max(0, size - suffix), Math.Min(suffix, size)) : throw R2Exception.BadRange();
        }

        var offset = NumberOf(range, "offset") ?? 0;
        var length = NumberOf(range, "length") ?? size - offset;
        return offset <= size && length >= 0 && (length > 0 || size == 0) ? (offset, Math.Min(length, size - offset)) : throw R2Exception.BadRange();
    }

    /// <summary>Several ranges at once, or what is none, are all of it.</summary>
    private static (long Offset, long Length) OfHeader(string header, long size)
    {
        var parts = header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) ? header[6..].Split('-') : [];
        if (parts.Length != 2 || !IsNumber(parts[0], out var first) || !IsNumber(parts[1], out var last) || (first ?? last) is null)
        {
            return (0, size);
        }

        if (first is null)
        {
            return last > 0 ? (Math.Max(0, size - last!.Value), Math.Min(last.Value, size)) : throw R2Exception.BadRange();
        }

        var end = Math.Min(last ?? long.MaxValue, size - 1);
        return first <= end ? (first.Value, end - first.Value + 1) : throw R2Exception.BadRange();

        static bool IsNumber(string text, out long? number)
        {
            var isNumber = long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var found);
            number = isNumber ? found : null;
            return isNumber || text.Trim().Length == 0;
        }
    }

    private static string Named(string? key) =>
        key is { Length: > 0 } && Encoding.UTF8.GetByteCount(key) <= KeyBytesMax ? key : throw R2Exception.BadName();
}
