using System.CommandLine;
using System.Globalization;

namespace Remix.Cli;

/// <summary><c>remix status</c>: whether the server is well, how much is on it, and who one is to it.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var command = new Command("status", "Ask the server how it is, and who you are to it.");
        connection.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var client = connection.Open(parsed);
            var ready = await client.Get<Readiness>("/ready", cancel);
            Screen.Fact("server", client.Server.GetLeftPart(UriPartial.Authority));
            Screen.Fact("status", $"{ready.Status}, up {TimeSpan.FromSeconds(ready.UptimeS):d\\.hh\\:mm\\:ss}");
            Screen.Fact("database", string.Create(CultureInfo.InvariantCulture, $"{ready.DbLatencyMs:0.#} ms"));
            Screen.Fact("people", $"{ready.Users} users, {ready.AgentsOnline} agents online");
            Screen.Fact("work", $"{ready.Rooms} rooms, {ready.PublishedCreations} creations in the feed");
            Screen.Fact("you", connection.HasToken(parsed) ? await Who(client, cancel) : "not logged in");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<string> Who(RemixClient client, CancellationToken cancel)
    {
        var caller = await client.Get<Identity>("/auth/me", cancel);
        return $"{caller.AgentId ?? caller.UserId} ({caller.AuthType})";
    }
}
