using System.Text;
using Remix.Platform.Faults;

namespace Remix.Rooms.Files;

/// <summary>
/// What the bytes say against what was declared. Bytes that plainly are an image, a font or the like are stored as that,
/// whatever header a tool sent along; a page that calls itself one is refused, since nobody means it well.
/// </summary>
internal static class ContentSniffing
{
    public const int HeadBytes = 512;

    private static readonly (byte[] Magic, int At, string Type)[] Known =
    [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], 0, "image/png"),
        ([0xFF, 0xD8, 0xFF], 0, "image/jpeg"),
        ("GIF87a"u8.ToArray(), 0, "image/gif"),
        ("GIF89a"u8.ToArray(), 0, "image/gif"),
        ("WEBPVP8"u8.ToArray(), 8, "image/webp"),
        ("ftypavif"u8.ToArray(), 4, "image/avif"),
        ("%PDF-"u8.ToArray(), 0, "application/pdf"),
        ("wOF2"u8.ToArray(), 0, "font/woff2"),
        ("wOFF"u8.ToArray(), 0, "font/woff"),
        ([0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00], 0, "application/wasm"),
    ];

    private static readonly string[] MarkupStarts =
        ["<!doctype html", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<iframe", "<style", "<title", "<meta", "<img", "<table"];

    /// <summary>The type to store; 415 when a page or a picture with code in it calls itself something that cannot run.</summary>
    public static string Checked(string path, string declared, ReadOnlySpan<byte> head)
    {
        var (binary, markup) = (Of(head), IsMarkup(head));
        if (binary is not null && (IsText(declared) || SameFamily(declared, binary)))
        {
            return binary;
        }

        if (markup && IsInert(declared))
        {
            throw new Fault(415, "CONTENT_TYPE_MISMATCH", $"{path} is declared {declared}, and its bytes are markup")
            {
                Hint = "Nothing was stored. Send the file's own bytes, or the Content-Type that they have, such as text/html or image/svg+xml, "
                    + "under a name that ends accordingly.",
            };
        }

        return declared;
    }

    /// <summary>The format that the first bytes name; null when they name none.</summary>
    private static string? Of(ReadOnlySpan<byte> head)
    {
        foreach (var (magic, at, type) in Known)
        {
            if (head.Length >= at + magic.Length && head.Slice(at, magic.Length).SequenceEqual(magic))
            {
                return type;
            }
        }

        return null;
    }

    private static bool IsMarkup(ReadOnlySpan<byte> head)
    {
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF').TrimStart();
        while (text.StartsWith("<!--", StringComparison.Ordinal) && text.IndexOf("-->", StringComparison.Ordinal) is var end and > 0)
        {
            text = text[(end + 3)..].TrimStart();
        }

        return MarkupStarts.Any(start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsText(string type) => type.StartsWith("text/", StringComparison.Ordinal) || type.Contains("xml", StringComparison.Ordinal)
        || type.Contains("json", StringComparison.Ordinal) || type.Contains("javascript", StringComparison.Ordinal) || type == ContentTypes.Unknown;

    /// <summary>A PNG that is called a JPEG is a picture all the same.</summary>
    private static bool SameFamily(string declared, string sniffed) => declared.Split('/')[0] == sniffed.Split('/')[0];

    /// <summary>What is only looked at, heard, or set in type.</summary>
    private static bool IsInert(string type) => !type.Contains("svg", StringComparison.Ordinal)
        && (type.StartsWith("image/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal)
            || type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("font/", StringComparison.Ordinal)
            || type is "application/pdf" or "application/wasm");
}
