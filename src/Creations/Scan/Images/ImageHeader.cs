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
/// What an image says of itself: its kind, its size in pixels, whether a GIF has more than one frame, and whether the file
/// goes on to the image's end.
/// </summary>
internal sealed record ImageHeader(ImageKind Kind, int Width, int Height, bool IsWhole, bool IsAnimated = false)
{
    private static readonly ImageHeader Unknown = new(ImageKind.Unknown, 0, 0, IsWhole: false);

    public static ImageHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 24 && IsPng(bytes))
            return new ImageHeader(ImageKind.Png, Big(bytes[16..]), Big(bytes[20..]), IsWholePng(bytes));
        if (bytes.Length >= 30 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8)) return Webp(bytes);
        if (bytes.Length >= 13 && (bytes.StartsWith("GIF89a"u8) || bytes.StartsWith("GIF87a"u8))) return Gif(bytes);
        return Unknown;
    }

    private static bool IsPng(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 0x89 && bytes[1..].StartsWith("PNG\r\n\u001a\n"u8)
        && bytes[12..].StartsWith("IHDR"u8);

    /// <summary>Whether its chunks lead to the last, which every PNG has.</summary>
    private static bool IsWholePng(ReadOnlySpan<byte> bytes)
    {
        const int Frame = 12;
        for (long at = 8; at + Frame <= bytes.Length;)
        {
            var chunk = bytes[(int)at..];
            if (chunk[4..].StartsWith("IEND"u8)) return true;
            at += Frame + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }
        return false;
    }

    private static ImageHeader Webp(ReadOnlySpan<byte> bytes)
    {
        var chunk = bytes[12..];
        var isWhole = 8L + BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) <= bytes.Length;
        if (chunk.StartsWith("VP8X"u8))
            return new ImageHeader(ImageKind.Webp, 1 + Little24(bytes[24..]), 1 + Little24(bytes[27..]), isWhole);
        if (chunk.StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
            return new ImageHeader(ImageKind.Webp, 1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF), isWhole);
        }
        if (!chunk.StartsWith("VP8 "u8)) return Unknown;
        var (width, height) = (Little16(bytes[26..]) & 0x3FFF, Little16(bytes[28..]) & 0x3FFF);
        return new ImageHeader(ImageKind.Webp, width, height, isWhole);
    }

    private static ImageHeader Gif(ReadOnlySpan<byte> bytes)
    {
        var header = new ImageHeader(ImageKind.Gif, Little16(bytes[6..]), Little16(bytes[8..]),
            IsWhole: bytes.TrimEnd((byte)0)[^1] == 0x3B);
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
