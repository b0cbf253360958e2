using Npgsql;

namespace Remix.Platform.Settings;

/// <summary>Turns <c>postgres://user:password@host:port/database?option=value</c> into Npgsql's keywords.</summary>
internal static class PostgresAddress
{
    /// <summary>
    /// The connection in keywords, whichever way it was written; null when it is none. Called only where there is one, so
    /// that a server on SQLite never loads Npgsql.
    /// </summary>
    public static string? Read(string text)
    {
        try
        {
            // postgres:// addresses are what hosting providers hand out; Npgsql itself takes the keyword form only.
            var builder = new NpgsqlConnectionStringBuilder(ToKeywords(text));
            return builder.Host is { Length: > 0 } ? builder.ConnectionString : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string ToKeywords(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
        {
            return text;
        }

        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            builder[Uri.UnescapeDataString(parts[0])] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        }

        return builder.ConnectionString;
    }
}
