namespace Remix.AgentCloud.Zip;

/// <summary>The checksum that ZIP files carry.</summary>
internal struct Crc32()
{
    private static readonly uint[] Table = MakeTable();

    private uint register = uint.MaxValue;

    public readonly uint Value => ~register;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var value = register;
        foreach (var one in bytes)
        {
            value = Table[(value ^ one) & 0xFF] ^ (value >> 8);
        }

        register = value;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < table.Length; n++)
        {
            var value = n;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1);
            }

            table[n] = value;
        }

        return table;
    }
}
