using System.CommandLine;
using System.Globalization;

namespace Remix.Cli.Cloud;

/// <summary><c>remix cloud mktoken</c>: a signed token for the cloud, made beside its data.</summary>
internal static class MakeTokenCommand
{
    private const int DaysOtherwise = 30;

    public static Command Create()
    {
        var folder = new Option<string>("--ws-dir", "--data")
        {
            Description = "The directory of the workspaces, or the server's data directory",
            HelpName = "DIR",
            DefaultValueFactory = _ => "data",
        };
        var subject = new Option<string>("--sub") { Description = "Whom the token is for: a name that stays", HelpName = "NAME", Required = true };
        var email = new Option<string?>("--email") { Description = "Their e-mail address, by which permissions name them", HelpName = "EMAIL" };
        var days = new Option<int>("--days")
        {
            Description = "How long the token is good",
            HelpName = "N",
            DefaultValueFactory = _ => DaysOtherwise,
        };
        var database = new Option<string?>("--database")
        {
            Description = "The server's PostgreSQL connection, if it has one",
            HelpName = "CONNECTION"
        };
        var command = new Command("mktoken", "Make a token for the agent cloud. Needs access to its data.") { folder, subject, email, days,
            database };
        command.SetAction((parsed, _) => ServerProgram.Run(
        [
            "mktoken", ServerProgram.CloudAlone, "--data", parsed.GetRequiredValue(folder), "--sub", parsed.GetRequiredValue(subject),
            "--days", parsed.GetValue(days).ToString(CultureInfo.InvariantCulture),
            .. parsed.GetValue(email) is { } address ? new[] { "--email", address } : [],
            .. parsed.GetValue(database) is { } connection ? new[] { "--database", connection } : [],
        ]));
        return command;
    }
}
