using System.Text.Json;

namespace Remix.Cli;

/// <summary>Tokens that <c>remix login</c> kept, one a server, in a file that only its owner can read.</summary>
internal sealed record Credentials
{
    public string? DefaultServer { get; init; }
    public Dictionary<string, string> Tokens { get; init; } = new(StringComparer.Ordinal);

    public static string Location => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "remix", "credentials.json");

    public static Credentials Load()
    {
        if (!File.Exists(Location))
        {
            return new();
        }

        try
        {
            return JsonSerializer.Deserialize<Credentials>(File.ReadAllText(Location), Wire.Json) ?? new();
        }
        catch (JsonException)
        {
            throw new MisuseException($"{Location} is not readable.", "Remove it, then run: remix login TOKEN");
        }
    }

    public Credentials With(Uri server, string token) => new()
    {
        DefaultServer = Key(server),
        Tokens = new(Tokens, StringComparer.Ordinal) { [Key(server)] = token },
    };

    public string? TokenFor(Uri server) => Tokens.GetValueOrDefault(Key(server));

    /// <summary>Written beside and moved over: nobody ever sees half a file, nor one that others can read.</summary>
    public void Save()
    {
        var directory = Path.GetDirectoryName(Location)!;
        Directory.CreateDirectory(directory);
        var draft = $"{Location}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, this, Wire.Json);
        }

        File.Move(draft, Location, overwrite: true);
    }

    private static string Key(Uri server) => server.GetLeftPart(UriPartial.Authority);
}
