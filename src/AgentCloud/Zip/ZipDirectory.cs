using System.Buffers.Binary;

namespace Remix.AgentCloud.Zip;

/// <summary>
/// A look at the directory at a ZIP file's end before anything is made of it: how many entries there really are, whatever
/// it says. A small file can list millions.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;
    private const uint EntrySignature = 0x02014b50;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int EntryBytes = 46;

    /// <summary>How many entries the directory has, counted to one more than the most; null when there is no directory.</summary>
    public static long? Count(Stream file, int most)
    {
        var tail = new byte[Math.Min(file.Length, EndBytes + ushort.MaxValue)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var end = tail.Length - EndBytes;
        while (end >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end)) != EndSignature)
        {
            end--;
        }

        return end < 0 ? null : CountFrom(file, Start(file, tail.AsSpan(end), file.Length - tail.Length + end), most);
    }

    private static long Start(Stream file, ReadOnlySpan<byte> end, long endAt)
    {
        long start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        Span<byte> locator = stackalloc byte[LocatorBytes];
        if (endAt < LocatorBytes || !TryRead(file, endAt - LocatorBytes, locator, LocatorSignature))
        {
            return start;
        }

        Span<byte> end64 = stackalloc byte[End64Bytes];
        return TryRead(file, BinaryPrimitives.ReadInt64LittleEndian(locator[8..]), end64, End64Signature)
            ? BinaryPrimitives.ReadInt64LittleEndian(end64[48..]) : start;
    }

    private static long CountFrom(Stream file, long at, int most)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        long count = 0;
        while (count <= most && TryRead(file, at, entry, EntrySignature))
        {
            count++;
            at += EntryBytes + BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]) + BinaryPrimitives.ReadUInt16LittleEndian(entry[30..])
                + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
        }

        return count;
    }

    private static bool TryRead(Stream file, long at, Span<byte> bytes, uint signature)
    {
        if (at < 0 || at > file.Length - bytes.Length)
        {
            return false;
        }

        file.Position = at;
        file.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) == signature;
    }
}
