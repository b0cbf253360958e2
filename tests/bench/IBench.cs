namespace Remix.Bench;

/// <summary>One thing that is measured, beside its reference where it has one.</summary>
internal interface IBench
{
    string Name { get; }
    string Says { get; }

    /// <summary>Runs only when it is named: it takes minutes, or most of the machine.</summary>
    bool OnRequest => false;

    Task Run(Arena arena, Report report);
}

/// <summary>A measurement that could not be made; says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
