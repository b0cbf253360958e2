using System.Security.Cryptography;
using System.Text;

namespace Remix.AgentCloud.Records;

/// <summary>The kinds of value in their total order; null is the least.</summary>
internal enum FieldKind
{
    Null = 0,
    Bool = 1,
    Number = 2,
    NotANumber = 3,
    Text = 4,
    Ref = 5,
    Bin = 6,
    List = 7,
    Map = 8,
}

/// <summary>
/// A value as the index knows it. Values are compared by <see cref="Kind"/>, then <see cref="Num"/>, then
/// <see cref="Sort"/> by its UTF-8 bytes, on both databases and in memory alike.
/// </summary>
/// <param name="Num">A number, or 0 and 1 of a bool; 0 otherwise.</param>
/// <param name="Sort">What a text is sorted by; empty for what is no text.</param>
/// <param name="Whole">The text itself where it is longer than what it is sorted by.</param>
internal readonly record struct FieldValue(FieldKind Kind, double Num, string Sort, string? Whole) : IComparable<FieldValue>
{
    /// <summary>A longer text is sorted by so many characters, and after them by its hash: all databases can index that.</summary>
    public const int SortCharsMax = 512;

    public static readonly FieldValue Null = new(FieldKind.Null, 0, "", null);
    public static readonly FieldValue NotANumber = new(FieldKind.NotANumber, 0, "", null);
    public static readonly FieldValue Map = new(FieldKind.Map, 0, "", null);

    public static FieldValue Bool(bool value) => new(FieldKind.Bool, value ? 1 : 0, "", null);

    /// <summary>There is one zero.</summary>
    public static FieldValue Number(double value) => double.IsNaN(value) ? NotANumber : new(FieldKind.Number, value == 0 ? 0 : value, "", null);

    /// <summary>A list is known by how long it is.</summary>
    public static FieldValue List(int length) => new(FieldKind.List, length, "", null);

    public static FieldValue Text(string value) => OfText(FieldKind.Text, value);

    public static FieldValue Ref(string value) => OfText(FieldKind.Ref, value);

    public static FieldValue Bin(string base64) => OfText(FieldKind.Bin, base64);

    /// <summary>Whether it has an order among its kind: two lists, two maps and what is not a number are not compared.</summary>
    public bool IsComparable => Kind is not (FieldKind.NotANumber or FieldKind.List or FieldKind.Map);

    /// <summary>Whether it is sorted by its beginning and a hash.</summary>
    public bool IsCut => Sort.Length > SortCharsMax;

    /// <summary>The text as it was written.</summary>
    public string Written => Whole ?? Sort;

    public int CompareTo(FieldValue other) => Kind != other.Kind ? Kind.CompareTo(other.Kind)
        : Num != other.Num ? Num.CompareTo(other.Num)
        : CompareTexts(Sort, other.Sort);

    /// <summary>By code points, which is the order of their UTF-8 bytes; a UTF-16 comparison puts some of them elsewhere.</summary>
    public static int CompareTexts(string a, string b)
    {
        var at = a.AsSpan().CommonPrefixLength(b);
        if (at == a.Length || at == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        var (x, y) = (a[at], b[at]);
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x) ? 1 : -1;
    }

    private static FieldValue OfText(FieldKind kind, string text)
    {
        if (text.Length <= SortCharsMax)
        {
            return new FieldValue(kind, 0, text, null);
        }

        var cut = char.IsHighSurrogate(text[SortCharsMax - 1]) ? SortCharsMax - 1 : SortCharsMax;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new FieldValue(kind, 0, text[..cut] + hash, text);
    }
}
