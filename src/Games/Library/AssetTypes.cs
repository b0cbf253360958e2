using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Remix.Games.Library;

/// <summary>The kinds of file that a game may load, told by what is in them and not only by their names; pictures that
/// break off before their end are none.</summary>
internal static class AssetTypes
{
    public const int BytesMax = 5 * 1024 * 1024;

    public static readonly string[] Pictures = ["png", "jpg", "jpeg", "webp"];

    public static readonly string[] All = [.. Pictures, "mp3", "wav", "hdr", "glb", "gltf"];

    /// <summary>The mark and the length of what follows.</summary>
    private const int RiffHead = 8;

    /// <summary>The media type of a file whose content is what its extension says; null when it is something else.</summary>
    public static string? Of(string extension, ReadOnlySpan<byte> content) => extension switch
    {
        "png" when content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10])
            && content.IndexOf("IEND"u8) > 0 => "image/png",
        "jpg" or "jpeg" when content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
            && content.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) > 0 => "image/jpeg",
        "webp" when IsRiff(content, "WEBP"u8) && content.Length >= RiffHead + BinaryPrimitives.ReadUInt32LittleEndian(content[4..]) => "image/webp",
        "mp3" when content.StartsWith("ID3"u8) || (content.Length > 2 && content[0] == 0xFF && (content[1] & 0xE0) == 0xE0) => "audio/mpeg",
        "wav" when IsRiff(content, "WAVE"u8) => "audio/wav",
        "hdr" when content.StartsWith("#?RADIANCE"u8) || content.StartsWith("#?RGBE"u8) => "image/vnd.radiance",
        "glb" when content.StartsWith("glTF"u8) => "model/gltf-binary",
        "gltf" when IsGltf(content) => "model/gltf+json",
        _ => null,
    };

    /// <summary>The extension of a file name in lower case, without its dot.</summary>
    public static string Extension(string name) => Path.GetExtension(name).TrimStart('.').ToLowerInvariant();

    /// <summary>A name as a game may write it into an address: letters, digits, dots, dashes; null when nothing is left of it.</summary>
    public static string? CleanName(string name)
    {
        const int lengthMax = 100;
        var clean = new StringBuilder();
        foreach (var c in name.Trim().Replace('\\', '/').Split('/')[^1])
        {
            clean.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-');
        }

        var text = clean.ToString().Trim('.', '-');
        return text.Length is > 0 and <= lengthMax && text.Any(char.IsAsciiLetterOrDigit) ? text : null;
    }

    private static bool IsRiff(ReadOnlySpan<byte> content, ReadOnlySpan<byte> kind) =>
        content.Length > RiffHead + 4 && content.StartsWith("RIFF"u8) && content[RiffHead..].StartsWith(kind);

    private static bool IsGltf(ReadOnlySpan<byte> content)
    {
        try
        {
            var reader = new Utf8JsonReader(content);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("asset", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
