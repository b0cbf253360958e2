namespace Remix.Rooms.Reading;

/// <summary>The beginning of a text.</summary>
internal static class Preview
{
    public const int LengthMax = 200;

    /// <summary>Never ends within a character that is written with two.</summary>
    public static string Of(string text, int max = LengthMax)
    {
        if (text.Length <= max)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[max - 2]) ? max - 2 : max - 1;
        return text[..end] + "…";
    }
}
