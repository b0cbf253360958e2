using System.Runtime.InteropServices;

namespace Remix.Creations.Scan.Styles;

internal enum CssTokenKind : byte
{
    Name,
    Function,
    AtKeyword,
    String,
    Url,
    Number,
    Other,
}

/// <summary>
/// A piece of a style sheet. <c>Text</c> is decoded: the name without escapes, the string without quotes, the address
/// of a <c>url()</c>; of a number it is the unit, and <c>Value</c> is the number.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CssToken(CssTokenKind Kind, string Text, int Start, double Value = 0)
{
    public bool Is(string name) => Kind is CssTokenKind.Name or CssTokenKind.Function or CssTokenKind.AtKeyword
        && Text.Equals(name, StringComparison.OrdinalIgnoreCase);

    public bool IsOther(char c) => Kind == CssTokenKind.Other && Text[0] == c;
}
