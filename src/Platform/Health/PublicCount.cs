using Remix.Platform.Data;

namespace Remix.Platform.Health;

/// <summary>A figure that anybody may know of the whole server; each module adds its own.</summary>
public sealed record PublicCount(string Name, Func<SqlSession, ValueTask<long>> Read)
{
    public static PublicCount Of(string name, string sql) => new(name, session => session.Scalar<long>(sql));
}
