namespace Remix.Cli;

/// <summary>What a script learns from us. A creation that is not public is not an error, but it is not success either.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;
    public const int NotPublished = 3;
    public const int Interrupted = 130;
}

/// <summary>The command cannot run as it was asked for; says what is wrong and what would be right.</summary>
internal sealed class MisuseException(string message, string hint) : Exception(message)
{
    public string Hint { get; } = hint;
}
