using Remix.Platform.Data;

namespace Remix.AgentCloud.Queries;

/// <summary>SQL and its arguments: whatever comes from outside becomes an argument, and so never text.</summary>
internal sealed class SqlText(DatabaseKind kind)
{
    private readonly List<object?> arguments = [];

    public DatabaseKind Kind { get; } = kind;

    public object?[] Arguments => [.. arguments];

    /// <summary>The placeholder of an argument.</summary>
    public string Add(object? value)
    {
        arguments.Add(value);
        return "$" + arguments.Count;
    }
}
