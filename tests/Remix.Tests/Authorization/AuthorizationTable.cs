using Remix.Tests.Support;

namespace Remix.Tests.Authorization;

/// <summary>A kind of caller, by its letter in the table.</summary>
internal enum Who
{
    N, L, U, O, P, S, p, x, z, r, e, R, m, M, A,
}

/// <summary>One route and what is answered to whom.</summary>
/// <param name="Cells">For a private, a listed and an open room; a single one where the route is of no room.</param>
internal sealed record Rule(string Method, string Path, IReadOnlyList<string> Cells)
{
    public string Name => $"{Method} {Path}";
}

/// <summary>The file authorization.tsv: who may call what.</summary>
internal static class AuthorizationTable
{
    public static readonly IReadOnlyList<Rule> Rules = [.. File.ReadLines(Path.Combine(
        Repository.Root, "tests/Remix.Tests/Authorization/authorization.tsv"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(Read)];

    private static Rule Read(string line)
    {
        var parts = line.Split('\t');
        var cells = parts[2..].Select(cell => cell.Replace(" ", "", StringComparison.Ordinal)).ToArray();
        Assert.True(cells.Length is 1 or 3 && cells.All(cell => cell.Length == Enum.GetValues<Who>().Length), $"Not a rule: {line}");
        return new Rule(parts[0], parts[1], cells);
    }
}
