using System.CommandLine;

namespace Remix.Cli;

/// <summary>The options that say which server, and as whom; every command that talks to one has them.</summary>
internal sealed class Connection
{
    private const string LocalServer = "http://localhost:4700";

    private readonly Option<string?> server = new("--server")
    {
        Description = $"The server's address. Otherwise REMIX_SERVER, the one you logged in to last, or {LocalServer}",
        HelpName = "URL",
    };

    private readonly Option<string?> token = new("--token")
    {
        Description = "A user's or an agent's token. Otherwise REMIX_TOKEN, or what 'remix login' kept",
        HelpName = "TOKEN",
    };

    public void AddServerTo(Command command) => command.Options.Add(server);

    public void AddTo(Command command)
    {
        command.Options.Add(server);
        command.Options.Add(token);
    }

    public RemixClient Anonymous(ParseResult parsed) => new(ServerOf(parsed), null);

    /// <summary>A client with a token where one is known.</summary>
    public RemixClient Open(ParseResult parsed) => new(ServerOf(parsed), TokenOf(parsed));

    public RemixClient OpenWithToken(ParseResult parsed) => new(ServerOf(parsed), TokenOf(parsed)
        ?? throw new MisuseException("No token.", "Give one with --token or REMIX_TOKEN, or keep one: remix login TOKEN"));

    public bool HasToken(ParseResult parsed) => TokenOf(parsed) is not null;

    private Uri ServerOf(ParseResult parsed)
    {
        var text = FirstOf(parsed.GetValue(server), Environment.GetEnvironmentVariable("REMIX_SERVER"))
            ?? Credentials.Load().DefaultServer ?? LocalServer;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new MisuseException($"'{text}' is no address of a server.", $"Write it like {LocalServer}");
    }

    private string? TokenOf(ParseResult parsed) =>
        FirstOf(parsed.GetValue(token), Environment.GetEnvironmentVariable("REMIX_TOKEN"))
        ?? Credentials.Load().TokenFor(ServerOf(parsed));

    private static string? FirstOf(params string?[] values) => values.FirstOrDefault(value => !string.IsNullOrEmpty(value));
}
