using System.CommandLine;

namespace Remix.Cli.Cloud;

/// <summary><c>remix cloud …</c>: running the agent cloud by itself, and what belongs to it.</summary>
internal static class CloudCommand
{
    public static Command Create() => new("cloud",
        "Run the agent cloud by itself, make tokens for it, make, pack and install apps, and move workspaces.")
    {
        ServeCommand.Create(),
        MakeTokenCommand.Create(),
        NewCommand.Create(),
        PackCommand.Create(),
        TapeCommands.Install(),
        TapeCommands.Export(),
        TapeCommands.Import(),
        TapeCommands.Clone(),
    };
}
