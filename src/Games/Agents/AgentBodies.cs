using System.Text;
using Remix.Games.Library;
using Remix.Platform.Http;

namespace Remix.Games.Agents;

internal sealed record CreateGame(string? Name) : IReadFields<CreateGame>
{
    /// <summary>Longer than any name could be trimmed from; read so far, a name that is too long is called what it is.</summary>
    private const int WrittenMax = 10_000;

    public static CreateGame Read(Fields fields) => new(NameOf(fields) is { Length: > 0 } name ? name : null);

    internal static string? NameOf(Fields fields)
    {
        var name = fields.Text("name", WrittenMax)?.Trim();
        if (name is { Length: > Game.NameLengthMax })
        {
            fields.Problem("name", $"String must contain at most {Game.NameLengthMax} characters", "too_big");
        }

        return name;
    }
}

internal sealed record UpdateCode(string Code) : IReadFields<UpdateCode>
{
    public static UpdateCode Read(Fields fields) => new(fields.RequiredText("code", GameVersion.CodeLengthMax, GameVersion.CodeLengthMin));
}

/// <summary>What is said of a game; what is not sent stays.</summary>
internal sealed record DescribeGame(string? Name, string[]? Categories) : IReadFields<DescribeGame>
{
    private const int CategoryLengthMax = 40;

    public static DescribeGame Read(Fields fields)
    {
        var (name, written) = (CreateGame.NameOf(fields), fields.Texts("categories", Game.CategoriesMax, CategoryLengthMax));
        if (written is { Length: 0 })
        {
            fields.Problem("categories", "Array must contain at least 1 element", "too_small");
        }

        var known = (written ?? []).Select(text => (text, Id: GameCategories.Find(text))).ToList();
        foreach (var (text, _) in known.Where(category => category.Id is null && category.text.Length > 0))
        {
            fields.Problem("categories", $"Expected {string.Join(" | ", GameCategories.All.Select(category => category.Id))}, received '{text}'",
                "invalid_enum_value");
        }

        if (!fields.Has("name") && !fields.Has("categories"))
        {
            fields.Problem("name", "Send name, categories or both");
        }

        return new DescribeGame(name, written is null ? null
            : [.. known.Select(category => category.Id).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }
}

internal sealed record ReadinessOf(string? VersionId) : IReadFields<ReadinessOf>
{
    public static ReadinessOf Read(Fields fields) => new(fields.Text("versionId", 64));
}
