using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Remix.AgentCloud.Files;
using Remix.JsRuntime;
using Remix.Platform.Text;
using Wakeups = Remix.Platform.Events.Signals;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// The agents of apps, which are files of theirs. Definitions are kept in memory for under a second, and dropped at once
/// when a file of the workspace changes on this node.
/// </summary>
internal sealed partial class AgentLibrary
{
    private const int KnownMax = 10_000;
    private const long KeptMs = 800;
    private const int ModulesMax = 200;
    private const int ModuleBytesMax = 4 * 1024 * 1024;
    private const string Suffix = ".js";

    private readonly ConcurrentDictionary<(string Workspace, string App, string Agent), (AgentDefinition? Agent, long Until)> known = new();
    private readonly AppFiles files;
    private readonly TimeProvider clock;
    private long generation;

    public AgentLibrary(AppFiles files, Wakeups signals, TimeProvider clock)
    {
        (this.files, this.clock) = (files, clock);
        signals.Listen(AppFiles.Changed, _ => Forget());
    }

    /// <summary>The agent of this name; null when the app has none.</summary>
    public async ValueTask<AgentDefinition?> Find(string workspaceId, string app, string agent)
    {
        if (!CloudNames.IsName(app) || !CloudNames.IsName(agent))
        {
            return null;
        }

        var now = clock.NowMs();
        if (known.TryGetValue((workspaceId, app, agent), out var entry) && entry.Until > now)
        {
            return entry.Agent;
        }

        var before = Volatile.Read(ref generation);
        var found = await Read(workspaceId, app, agent);
        if (Volatile.Read(ref generation) == before)
        {
            if (known.Count >= KnownMax)
            {
                known.Clear();
            }

            known[(workspaceId, app, agent)] = (found, now + KeptMs);
        }

        return found;
    }

    /// <summary>All agents of the app, by their names.</summary>
    public async Task<IReadOnlyList<AgentDefinition>> List(string workspaceId, string app)
    {
        var names = (await files.List(workspaceId, app, AgentDefinition.Folder))
            .Select(file => file.Path[(AgentDefinition.Folder.Length + 1)..])
            .Where(name => !name.Contains('/', StringComparison.Ordinal) && Path.GetExtension(name) is Suffix or ".json")
            .Select(name => Path.GetFileNameWithoutExtension(name)).Where(CloudNames.IsName)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var agents = new List<AgentDefinition>();
        foreach (var name in names)
        {
            if (await Find(workspaceId, app, name) is { } agent)
            {
                agents.Add(agent);
            }
        }

        return agents;
    }

    /// <summary>The agent's module, and those that it imports.</summary>
    public async ValueTask<JsModules> Modules(AgentDefinition agent)
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in agent.Modules)
        {
            modules[file.Path[1..]] = Encoding.UTF8.GetString(await files.Bytes(file));
        }

        return new JsModules(AgentDefinition.CodePath(agent.Name)[1..], modules);
    }

    private async Task<AgentDefinition?> Read(string workspaceId, string app, string agent)
    {
        var code = await files.Find(workspaceId, app, AgentDefinition.CodePath(agent));
        var definition = await files.Find(workspaceId, app, AgentDefinition.DefinitionPath(agent));
        if (code is null && definition is null)
        {
            return null;
        }

        var json = definition is { Size: <= AgentDefinition.BytesMax } ? await files.Bytes(definition) : null;
        var modules = code is null ? [] : await Reached(workspaceId, app, code);
        return AgentDefinition.Read(agent, json, modules);
    }

    /// <summary>The module and all it names, directly or not: the others of the app may be broken without harm to it.</summary>
    private async Task<List<AppFile>> Reached(string workspaceId, string app, AppFile code)
    {
        var all = (await files.List(workspaceId, app, AgentDefinition.Folder))
            .Where(file => file.Path.EndsWith(Suffix, StringComparison.Ordinal)).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var reached = new List<AppFile> { code };
        for (var i = 0; i < reached.Count && reached.Count <= ModulesMax; i++)
        {
            if (reached[i].Size > ModuleBytesMax)
            {
                continue;
            }

            foreach (Match match in Specifier.Matches(Encoding.UTF8.GetString(await files.Bytes(reached[i]))))
            {
                if (Uri.TryCreate(new Uri($"file://{reached[i].Path}"), match.Groups[1].Value, out var uri)
                    && all.TryGetValue(uri.AbsolutePath, out var named) && !reached.Contains(named))
                {
                    reached.Add(named);
                }
            }
        }

        return reached;
    }

    /// <summary>What may be the path of another module: more is harmless, less would not be found.</summary>
    [GeneratedRegex("""["'`](\.{0,2}/[^"'`\s]{1,200}\.js)["'`]""", RegexOptions.CultureInvariant)]
    private static partial Regex Specifier { get; }

    private void Forget()
    {
        Interlocked.Increment(ref generation);
        known.Clear();
    }
}
