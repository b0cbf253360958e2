using System.Runtime.InteropServices;

namespace Remix.Platform.JavaScript;

public enum JsTokenKind : byte
{
    Name,
    PrivateName,
    Number,
    String,
    Template,
    Regex,
    Punctuator,
    Comment,
    Invalid,
}

/// <summary>
/// How a browser reads the file: only a script has HTML-like comments, only a module has await outside functions.
/// </summary>
public enum JsGoal : byte
{
    Script,
    Module,
}

[Flags]
public enum JsTokenMarks : byte
{
    None = 0,

    /// <summary>A line ends between this token and the one before it.</summary>
    NewlineBefore = 1,

    /// <summary>The text holds escapes: compare the decoded name, not the source.</summary>
    Escaped = 2,

    /// <summary>A name that stands after a dot, or is the key of an object's or a class's member.</summary>
    Property = 4,
}

/// <summary>
/// A piece of a script: <c>Source[Start..End]</c>. Templates come in pieces that end with <c>${</c> or a backtick.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct JsToken(JsTokenKind Kind, int Start, int End, JsTokenMarks Marks)
{
    public bool NewlineBefore => Marks.HasFlag(JsTokenMarks.NewlineBefore);
    public bool Escaped => Marks.HasFlag(JsTokenMarks.Escaped);
    public bool IsProperty => Marks.HasFlag(JsTokenMarks.Property);
}
