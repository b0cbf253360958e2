namespace Remix.Games.Validation;

/// <summary>
/// What an expression names: members of the SDK once aliases are followed, or of something that is not known, then with the
/// name it begins with.
/// </summary>
internal sealed record SdkPath(bool IsSdk, IReadOnlyList<string> Names)
{
    public static readonly SdkPath Sdk = new(true, []);

    public string? Last => Names.Count > 0 ? Names[^1] : null;

    public SdkPath Then(IEnumerable<string> members)
    {
        var names = Names.Concat(members).ToList();

        // A module's export is the SDK itself.
        while (IsSdk && names.Count > 0 && names[0] is "sdk" or "default")
        {
            names.RemoveAt(0);
        }

        return this with { Names = names };
    }

    public bool IsSame(SdkPath other) => IsSdk == other.IsSdk && Names.SequenceEqual(other.Names, StringComparer.Ordinal);

    public bool EndsWith(params ReadOnlySpan<string> names)
    {
        if (Names.Count < names.Length)
        {
            return false;
        }

        for (var i = 1; i <= names.Length; i++)
        {
            if (Names[^i] != names[^i])
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>An expression that was read backwards: its path, and the places of the members that are written in it.</summary>
internal sealed record SdkExpression(SdkPath Path, int FirstToken, IReadOnlyList<SdkMember> Members)
{
    /// <summary>What the members are taken from.</summary>
    public required SdkPath Base { get; init; }
}

/// <summary>One member as it is written: <c>.name</c>, <c>?.name</c> or <c>["name"]</c>, by its first and last token.</summary>
internal sealed record SdkMember(string Name, int First, int Last);
