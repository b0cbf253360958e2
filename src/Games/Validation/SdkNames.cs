namespace Remix.Games.Validation;

/// <summary>
/// What names stand for in a page. Scopes are not told apart, so a name may stand for several things: minified scripts give
/// the same letter to everything. A few of its meanings are kept, those that a game can have use for.
/// </summary>
internal sealed class SdkNames
{
    private const int MeaningsMax = 8;

    private static readonly string[] Words = ["play_again", "toggle_mute", "singlePlayer", "multiplayer", "actions", "gameOver", "onPlayAgain",
        "onToggleMute", "on", "FarcadeSDK", "RemixSDK"];

    private readonly Dictionary<string, List<SdkPath>> variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SdkPath>> properties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> constants = new(StringComparer.Ordinal);

    /// <summary>Grows with everything that is learnt.</summary>
    public int Count { get; private set; }

    public IReadOnlyList<SdkPath> Variable(string name) => variables.GetValueOrDefault(name) ?? [];

    public IReadOnlyList<SdkPath> Property(string name) => properties.GetValueOrDefault(name) ?? [];

    public string? Constant(string name) => constants.GetValueOrDefault(name);

    public void Add(string name, bool isProperty, SdkPath path)
    {
        if (!IsPlausible(path))
        {
            return;
        }

        var known = isProperty ? properties : variables;
        if (!known.TryGetValue(name, out var meanings))
        {
            known[name] = meanings = [];
        }

        if (meanings.Count < MeaningsMax && !meanings.Any(path.IsSame))
        {
            meanings.Add(path);
            Count++;
        }
    }

    /// <summary>A constant that holds a word of the SDK is not forgotten for another of the same name.</summary>
    public void AddConstant(string name, string text)
    {
        if (!constants.TryGetValue(name, out var known) || (known != text && !IsWord(known) && IsWord(text)))
        {
            constants[name] = text;
            Count++;
        }
    }

    private static bool IsWord(string text) => Words.Contains(text, StringComparer.Ordinal);

    /// <summary>The SDK, a member of it, or what hangs below one of its two players.</summary>
    private static bool IsPlausible(SdkPath path) => path.IsSdk && path.Names.Count <= 3
        && (path.Names.Count < 2 || path.Names[0] is not ("actions" or "gameOver"))
        && (path.Names.Count < 3 || path.Names[1] == "actions");
}
