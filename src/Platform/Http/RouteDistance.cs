namespace Remix.Platform.Http;

/// <summary>
/// How far a call that no route takes is from a route, by what the parts of its address say: words that the route lacks
/// cost the most, a parameter that was left out costs little.
/// </summary>
internal static class RouteDistance
{
    private const int SegmentsMax = 12;
    private const int LettersMax = 40;

    private const double OtherMethod = 1;
    private const double Surplus = 2;
    private const double MissingWord = 1.1;
    private const double MissingParameter = 0.4;
    private const double FilledParameter = 0.3;

    /// <summary>What a parameter costs that would hold a word of ours: it was hardly meant as a name.</summary>
    private const double SwallowedWord = 1.5;

    /// <summary>What a word costs that another one begins with.</summary>
    private const double Abbreviated = 0.5;
    private const int PrefixLengthMin = 3;

    /// <summary>What other products begin their addresses with.</summary>
    private const double Prefix = 0.1;

    /// <summary>Words that others put into the address, and we into the method.</summary>
    private static readonly Dictionary<string, string[]> Verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["list"] = ["GET"],
        ["all"] = ["GET"],
        ["get"] = ["GET"],
        ["show"] = ["GET"],
        ["create"] = ["POST"],
        ["new"] = ["POST"],
        ["add"] = ["POST"],
        ["update"] = ["PUT", "PATCH"],
        ["edit"] = ["PUT", "PATCH"],
        ["delete"] = ["DELETE"],
        ["remove"] = ["DELETE"],
    };

    public static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The address without what is no part of ours: <c>api</c> and a version before it, a verb behind it.</summary>
    public static string[] Plain(string[] asked)
    {
        var plain = asked.SkipWhile(IsPrefix).ToArray();
        plain = plain.Length == 0 ? asked : plain;
        return plain.Length > 1 && Verbs.ContainsKey(plain[^1]) ? plain[..^1] : plain;
    }

    public static double Of(string method, string[] asked, string[] route, string routeMethod, IReadOnlySet<string> words)
    {
        asked = asked.Length > SegmentsMax ? asked[..SegmentsMax] : asked;
        var plain = Plain(asked);
        string[] methods = asked.Length > 1 && Verbs.TryGetValue(asked[^1], out var meant) ? meant : [method];
        return Math.Min(Of(asked, route, words) + (routeMethod == method ? 0 : OtherMethod),
            Of(plain, route, words) + (methods.Contains(routeMethod, StringComparer.Ordinal) ? 0 : OtherMethod) + Prefix);
    }

    private static bool IsPrefix(string segment) => segment.Equals("api", StringComparison.OrdinalIgnoreCase)
        || (segment.Length is 2 or 3 && segment[0] is 'v' or 'V' && segment[1..].All(char.IsAsciiDigit));

    /// <summary>Edit distance over segments.</summary>
    private static double Of(string[] asked, string[] route, IReadOnlySet<string> words)
    {
        var previous = new double[route.Length + 1];
        for (var j = 1; j <= route.Length; j++)
        {
            previous[j] = previous[j - 1] + Missing(route[j - 1]);
        }

        for (var i = 1; i <= asked.Length; i++)
        {
            var current = new double[route.Length + 1];
            current[0] = i * Surplus;
            for (var j = 1; j <= route.Length; j++)
            {
                var replace = previous[j - 1] + Between(asked[i - 1], route[j - 1], words);
                current[j] = Math.Min(replace, Math.Min(previous[j] + Surplus, current[j - 1] + Missing(route[j - 1])));
            }

            previous = current;
        }

        return previous[^1];
    }

    private static double Missing(string segment) => segment.StartsWith('{') ? MissingParameter : MissingWord;

    private static double Between(string asked, string route, IReadOnlySet<string> words)
    {
        if (route.StartsWith('{'))
        {
            return words.Contains(Folded(asked)) ? SwallowedWord : FilledParameter;
        }

        var (one, other) = (Folded(asked), Folded(route));
        if (Math.Min(one.Length, other.Length) >= PrefixLengthMin
            && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal)))
        {
            return one == other ? 0 : Abbreviated;
        }

        var letters = one == other ? 0
            : one.Length <= LettersMax ? (double)Letters(one, other) / Math.Max(one.Length, other.Length) : 1;
        return letters <= 1 / 3.0 ? 2 * letters : Surplus + MissingWord;
    }

    /// <summary>A word whatever its case, its number and what joins its parts.</summary>
    public static string Folded(string segment)
    {
        var plain = segment.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return plain.Length > 3 && plain[^1] == 's' ? plain[..^1] : plain;
    }

    private static int Letters(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[^1];
    }
}
