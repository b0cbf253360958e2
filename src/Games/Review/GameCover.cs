using System.Globalization;
using System.Net;
using System.Text;

namespace Remix.Games.Review;

/// <summary>A poster for a game without one: drawn from its id, so that it is always the same, with its name on it.</summary>
internal static class GameCover
{
    public const string Name = "cover.svg";

    private const int Shapes = 14;
    private const int LettersPerLine = 13;

    public static byte[] Of(string name, Guid id)
    {
        var seed = id.ToByteArray();
        var hue = seed[15] * 360 / 256;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 375 900">
            <defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl({hue},70%,22%)"/>
            <stop offset="1" stop-color="hsl({(hue + 70) % 360},75%,38%)"/></linearGradient></defs>
            <rect width="375" height="900" fill="url(#g)"/>

            """);
        for (var i = 0; i < Shapes; i++)
        {
            var (a, b) = (seed[i % 16], seed[(i * 5 + 7) % 16]);
            var (x, y, r) = (20 + (a * 7 + i * 53) % 335, 240 + (b * 5 + i * 97) % 420, 12 + (a + b) % 40);
            var seconds = 5 + (a + i) % 7;
            svg.Append(CultureInfo.InvariantCulture, $"""
                <g opacity="0.85"><animateTransform attributeName="transform" type="translate" values="0 0;{(a % 40) - 20} {(b % 60) - 30};0 0" dur="{seconds}s" repeatCount="indefinite"/>
                {Shape(i, x, y, r, (hue + 140 + i * 22) % 360)}</g>

                """);
        }

        var line = 0;
        foreach (var text in Lines(name.Length > 0 ? name : "A game"))
        {
            svg.Append(CultureInfo.InvariantCulture, $"""
                <text x="28" y="{150 + 50 * line++}" font-family="system-ui,sans-serif" font-size="44" font-weight="800" fill="#fff">{WebUtility.HtmlEncode(text)}</text>

                """);
        }

        return Encoding.UTF8.GetBytes(svg.Append("</svg>\n").ToString());
    }

    private static string Shape(int i, int x, int y, int r, int hue) => (i % 3) switch
    {
        0 => $"<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"hsl({hue},85%,62%)\"/>",
        1 => $"<rect x=\"{x - r}\" y=\"{y - r}\" width=\"{2 * r}\" height=\"{2 * r}\" rx=\"{r / 3}\" fill=\"hsl({hue},80%,58%)\"/>",
        _ => $"<path d=\"M{x} {y - r}L{x + r} {y + r}H{x - r}Z\" fill=\"hsl({hue},85%,66%)\"/>",
    };

    private static IEnumerable<string> Lines(string name)
    {
        const int linesMax = 4;
        var line = "";
        var given = 0;
        foreach (var word in name.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + word.Length >= LettersPerLine)
            {
                yield return line;
                line = "";
                if (++given == linesMax - 1)
                {
                    break;
                }
            }

            line = line.Length > 0 ? $"{line} {word}" : word[..Math.Min(word.Length, LettersPerLine + 3)];
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }
}
