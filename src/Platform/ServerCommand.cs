using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Data;
using Remix.Platform.Settings;

namespace Remix.Platform;

/// <summary>
/// What the program can do on the server's data instead of serving: its first argument is the name. It has options of its
/// own, which all have a value, and the server's flags.
/// </summary>
public sealed record ServerCommand(string Name, IReadOnlyList<string> Options, Func<IServiceProvider, IReadOnlyDictionary<string, string>,
    Task<int>> Run)
{
    /// <summary>Does it on the migrated database, and returns the process's exit code.</summary>
    internal async Task<int> Execute(IReadOnlyList<string> args, IReadOnlyList<Module> modules)
    {
        var (options, flags) = Sort(args);

        // What it prints is its answer; only what went wrong is logged beside it.
        var settings = SettingsReader.Read(flags, Environment.GetEnvironmentVariable) with { LogLevel = "error" };
        if (settings.Database is null && !Directory.Exists(settings.DataDirectory))
        {
            // It may be meant, before the first start. More often a name was mistyped.
            await Console.Error.WriteLineAsync($"remix: there was no {settings.DataDirectory}: it is made now, "
                + "and only a server on it knows of this");
        }

        await using var app = RemixServer.Build(settings, modules);
        await app.Services.GetRequiredService<Migrations>().Apply();
        return await Run(app.Services, options);
    }

    private (Dictionary<string, string> Options, List<string> Flags) Sort(IReadOnlyList<string> args)
    {
        var (options, flags) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (!Options.Contains(name, StringComparer.Ordinal))
            {
                flags.Add(args[i]);
            }
            else
            {
                options[name] = inline ?? (i + 1 < args.Count ? args[++i] : "");
            }
        }

        return (options, flags);
    }
}
