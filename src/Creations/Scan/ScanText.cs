using System.Text;

namespace Remix.Creations.Scan;

/// <summary>
/// A text file's characters, line ends made one, and the way from a character back to its line and column.
/// </summary>
internal sealed class ScanText
{
    private int[]? lineStarts;

    public ScanText(string path, string source)
    {
        Path = path;
        Source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    public string Path { get; }

    public string Source { get; }

    public static ScanText Of(ScanFile file)
    {
        var bytes = file.Content().Span;
        return new ScanText(file.Path, Encoding.UTF8.GetString(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes));
    }

    public (int Line, int Column) PositionOf(int offset)
    {
        lineStarts ??= FindLineStarts();
        var line = Array.BinarySearch(lineStarts, offset);
        if (line < 0) line = ~line - 1;
        return (line + 1, offset - lineStarts[line] + 1);
    }

    public int OffsetOf(int line, int column)
    {
        lineStarts ??= FindLineStarts();
        var start = lineStarts[Math.Clamp(line - 1, 0, lineStarts.Length - 1)];
        return Math.Clamp(start + column - 1, 0, Source.Length);
    }

    private int[] FindLineStarts()
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < Source.Length; i++)
        {
            if (Source[i] == '\n') starts.Add(i + 1);
        }
        return [.. starts];
    }
}

/// <summary>
/// Where a stretch of code lies in its file. When its text is not the file's own (entities), only its start is known.
/// </summary>
internal sealed record ScanPlace(ScanText Text, int Start, bool IsVerbatim = true)
{
    public (int Line, int Column) PositionOf(int offset) => Text.PositionOf(IsVerbatim ? Start + offset : Start);
}
