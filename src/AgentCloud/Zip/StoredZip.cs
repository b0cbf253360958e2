using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Remix.AgentCloud.Zip;

/// <summary>
/// Writes a ZIP file whose bytes follow from its contents alone: nothing compressed, no time, no machine, entries in the
/// order in which they are added. So two who write the same write the same file.
/// </summary>
internal sealed class StoredZip(Stream file)
{
    private const ushort Version = 20;
    private const ushort Version64 = 45;
    private const ushort MadeOnUnix = 3 << 8 | Version;
    private const ushort Utf8Names = 1 << 11;

    /// <summary>The first of January 1980, the earliest that a ZIP file can say.</summary>
    private const ushort Date = 1 << 5 | 1;

    private const uint PlainFile = 0x81A40000;
    private const int LocalBytes = 30;
    private const int SumsAt = 14;
    private const int BufferBytes = 128 * 1024;

    private readonly List<(byte[] Name, uint Crc, uint Size, uint At)> entries = [];
    private readonly byte[] buffer = new byte[BufferBytes];

    /// <summary>Adds an entry; the SHA-256 of its bytes.</summary>
    public async Task<string> Add(string name, Stream content, CancellationToken stop)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        var at = checked((uint)file.Position);
        await file.WriteAsync(Local(utf8, 0, 0), stop);
        var crc = new Crc32();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, stop)) > 0)
        {
            crc.Add(buffer.AsSpan(0, read));
            hash.AppendData(buffer, 0, read);
            size += read;
            await file.WriteAsync(buffer.AsMemory(0, read), stop);
        }

        var end = file.Position;
        file.Position = at + SumsAt;
        await file.WriteAsync(Local(utf8, crc.Value, checked((uint)size)).AsMemory(SumsAt, 12), stop);
        file.Position = end;
        entries.Add((utf8, crc.Value, (uint)size, at));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public Task<string> Add(string name, byte[] content, CancellationToken stop) => Add(name, new MemoryStream(content, writable: false), stop);

    /// <summary>Writes the directory; the file is whole then.</summary>
    public async Task Finish(CancellationToken stop)
    {
        var start = file.Position;
        foreach (var (name, crc, size, at) in entries)
        {
            var entry = new byte[46];
            Put32(entry, 0, 0x02014b50);
            Put16(entry, 4, MadeOnUnix);
            Common(entry.AsSpan(6), name, crc, size);
            Put32(entry, 38, PlainFile);
            Put32(entry, 42, at);
            await file.WriteAsync(entry, stop);
            await file.WriteAsync(name, stop);
        }

        var (end, bytes) = (file.Position, file.Position - start);
        if (entries.Count >= ushort.MaxValue || end > uint.MaxValue)
        {
            await file.WriteAsync(End64(start, bytes, end), stop);
        }

        var last = new byte[22];
        Put32(last, 0, 0x06054b50);
        Put16(last, 8, (ushort)Math.Min(entries.Count, ushort.MaxValue));
        Put16(last, 10, (ushort)Math.Min(entries.Count, ushort.MaxValue));
        Put32(last, 12, (uint)Math.Min(bytes, uint.MaxValue));
        Put32(last, 16, (uint)Math.Min(start, uint.MaxValue));
        await file.WriteAsync(last, stop);
        await file.FlushAsync(stop);
        file.Position = 0;
    }

    private byte[] End64(long start, long bytes, long end)
    {
        var both = new byte[56 + 20];
        Put32(both, 0, 0x06064b50);
        Put64(both, 4, 44);
        Put16(both, 12, MadeOnUnix);
        Put16(both, 14, Version64);
        Put64(both, 24, entries.Count);
        Put64(both, 32, entries.Count);
        Put64(both, 40, bytes);
        Put64(both, 48, start);
        Put32(both, 56, 0x07064b50);
        Put64(both, 64, end);
        Put32(both, 72, 1);
        return both;
    }

    private static byte[] Local(byte[] name, uint crc, uint size)
    {
        var local = new byte[LocalBytes + name.Length];
        Put32(local, 0, 0x04034b50);
        Common(local.AsSpan(4), name, crc, size);
        name.CopyTo(local, LocalBytes);
        return local;
    }

    /// <summary>What both headers say in the same order, from the version that is needed on.</summary>
    private static void Common(Span<byte> at, byte[] name, uint crc, uint size)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(at[8..], Date);
        BinaryPrimitives.WriteUInt32LittleEndian(at[10..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(at[14..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(at[18..], size);
        BinaryPrimitives.WriteUInt16LittleEndian(at[22..], (ushort)name.Length);
    }

    private static void Put16(byte[] bytes, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);

    private static void Put32(byte[] bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);

    private static void Put64(byte[] bytes, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value);
}
