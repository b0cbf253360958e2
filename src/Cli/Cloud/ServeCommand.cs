using System.CommandLine;
using System.Globalization;

namespace Remix.Cli.Cloud;

/// <summary><c>remix cloud serve</c>: the agent cloud and nothing else, on workspaces in a directory.</summary>
internal static class ServeCommand
{
    private const int PortOtherwise = 8000;

    public static Command Create()
    {
        var folder = new Option<string>("--ws-dir") { Description = "Where the workspaces are kept", HelpName = "DIR", Required = true };
        var port = new Option<int>("--port")
        {
            Description = "The port to listen on",
            HelpName = "N",
            DefaultValueFactory = _ => PortOtherwise,
        };
        var further = new (Option<string?> Option, string Flag)[]
        {
            (new("--host") { Description = "The interface: localhost, * for every one, or an address", HelpName = "NAME" }, "--host"),
            (new("--url") { Description = "The address that people use, when it is another", HelpName = "URL" }, "--cloud-url"),
            (new("--tls-certs") { Description = "The certificate with its chain, PEM", HelpName = "FILE" }, "--tls-certs"),
            (new("--tls-key") { Description = "The certificate's key, PEM", HelpName = "FILE" }, "--tls-key"),
            (new("--jwks-url") { Description = "Where an outside issuer of tokens shows its keys", HelpName = "URL" }, "--jwks-url"),
            (new("--database") { Description = "A PostgreSQL connection; without it, SQLite in DIR", HelpName = "CONNECTION" }, "--database"),
        };
        var command = new Command("serve", "Serve the agent cloud alone, without the platform.") { folder, port };
        foreach (var (option, _) in further)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, _) =>
        {
            var args = new List<string>
            {
                ServerProgram.CloudAlone, "--data", parsed.GetRequiredValue(folder),
                "--cloud-port", parsed.GetValue(port).ToString(CultureInfo.InvariantCulture),
            };
            foreach (var (option, flag) in further)
            {
                if (parsed.GetValue(option) is { } value)
                {
                    args.AddRange([flag, value]);
                }
            }

            return ServerProgram.Run(args);
        });
        return command;
    }
}
