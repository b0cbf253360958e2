using System.CommandLine;

namespace Remix.Cli;

/// <summary><c>remix login TOKEN</c>: tries the token, then keeps it for the commands to come.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var token = new Argument<string>("token") { Description = "A user's or an agent's token; - reads it from standard input" };
        var connection = new Connection();
        var command = new Command("login", $"Keep a token in {Credentials.Location}, readable by you alone.") { token };
        connection.AddServerTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var given = parsed.GetRequiredValue(token);
            var kept = (given is "-" ? await Console.In.ReadLineAsync(cancel) : given)?.Trim();
            if (string.IsNullOrEmpty(kept))
            {
                throw new MisuseException("The token is empty.", "Write: remix login TOKEN");
            }

            var client = connection.Anonymous(parsed).As(kept);
            var caller = await client.Get<Identity>("/auth/me", cancel);
            Credentials.Load().With(client.Server, kept).Save();
            Screen.Done($"You are {caller.AgentId ?? caller.UserId} at {client.Server.GetLeftPart(UriPartial.Authority)}.");
            return ExitCode.Done;
        });
        return command;
    }
}
