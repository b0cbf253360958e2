using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Remix.AgentCloud.Records;

/// <summary>The names that lead to a field of a record, from the outside in.</summary>
internal sealed record FieldPath(IReadOnlyList<string> Names)
{
    /// <summary>What lies deeper is kept but not indexed, and no query can name it.</summary>
    public const int DepthMax = 8;

    public const int NameLengthMax = 256;

    /// <summary>A number for the path in the index: the path itself would make each entry several times as long.</summary>
    public long Field { get; } = Hash('f', Names);

    /// <summary>The same for the elements of a list that lies there.</summary>
    public long Elements { get; } = Hash('e', Names);

    /// <summary>Whether it names one of the record's own facts, such as <c>_rmx_id</c>, and not its content.</summary>
    public bool IsSystem => Names.Count == 1 && Names[0].StartsWith(Apps.App.Reserved, StringComparison.Ordinal);

    public FieldPath Below(string name) => new([.. Names, name]);

    public bool Equals(FieldPath? other) => other is not null && Names.SequenceEqual(other.Names, StringComparer.Ordinal);

    public override int GetHashCode() => Field.GetHashCode();

    public override string ToString() => string.Join('.', Names);

    /// <summary>Names contain no NUL, so that two paths never look the same.</summary>
    private static long Hash(char kind, IReadOnlyList<string> names) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\0{string.Join('\0', names)}")));
}
