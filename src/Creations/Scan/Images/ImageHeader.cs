using System.Buffers.Binary;

namespace Remix.Creations.Scan.Images;

internal enum ImageKind
{
    Unknown,
    Png,
    Webp,
    Gif,
}

/// <summary>
/// What an image's first bytes say: its kind, its size in pixels, and whether a GIF has more than one frame.
/// </summary>
internal sealed record ImageHeader(ImageKind Kind, int Width, int Height, bool IsAnimated = false)
{
    private static readonly ImageHeader Unknown = new(ImageKind.Unknown, 0, 0);

    public static ImageHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 24 && IsPng(bytes))
            return new ImageHeader(ImageKind.Png, Big(bytes[16..]), Big(bytes[20..]));
        if (bytes.Length >= 30 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8)) return Webp(bytes);
        if (bytes.Length >= 13 && (bytes.StartsWith("GIF89a"u8) || bytes.StartsWith("GIF87a"u8))) return Gif(bytes);
        return Unknown;
    }

    private static bool IsPng(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 0x89 && bytes[1..].StartsWith("PNG\r\n\u001a\n"u8)
        && bytes[12..].StartsWith("IHDR"u8);

    private static ImageHeader Webp(ReadOnlySpan<byte> bytes)
    {
        var chunk = bytes[12..];
        if (chunk.StartsWith("VP8X"u8))
            return new ImageHeader(ImageKind.Webp, 1 + Little24(bytes[24..]), 1 + Little24(bytes[27..]));
        if (chunk.StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
            return new ImageHeader(ImageKind.Webp, 1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }
        if (!chunk.StartsWith("VP8 "u8)) return Unknown;
        return new ImageHeader(ImageKind.Webp, Little16(bytes[26..]) & 0x3FFF, Little16(bytes[28..]) & 0x3FFF);
    }

    private static ImageHeader Gif(ReadOnlySpan<byte> bytes)
    {
        var header = new ImageHeader(ImageKind.Gif, Little16(bytes[6..]), Little16(bytes[8..]));
        var (at, frames) = (13 + ColorTableLength(bytes[10]), 0);
        while (at < bytes.Length && frames < 2 && bytes[at] is 0x21 or 0x2C)
        {
            var isFrame = bytes[at] == 0x2C;
            if (isFrame && at + 9 >= bytes.Length) break;
            if (isFrame) frames++;
            at = SkipBlocks(bytes, isFrame ? at + 11 + ColorTableLength(bytes[at + 9]) : at + 2);
        }
        return header with { IsAnimated = frames > 1 };
    }

    private static int SkipBlocks(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && bytes[at] != 0) at += 1 + bytes[at];
        return at + 1;
    }

    private static int ColorTableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int Big(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes);

    private static int Little16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static int Little24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
