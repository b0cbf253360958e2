using System.Text;
using System.Text.RegularExpressions;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Packages;
using Remix.JsRuntime;
using Remix.Platform.Blobs;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// The agents of apps, which are files of theirs. What was read stays in memory for under a second, or until the workspace
/// is written to on this node.
/// </summary>
internal sealed partial class AgentLibrary(WorkspaceData data, BlobStore blobs, TimeProvider clock)
{
    private const int ModulesMax = 200;
    private const int ModuleBytesMax = 4 * 1024 * 1024;

    private readonly BriefCache<(string Workspace, string App, string Agent), (AgentDefinition? Agent, long Writes)> known = new(clock);

    /// <summary>The agent of this name; null when the app has none.</summary>
    public async ValueTask<AgentDefinition?> Find(string workspaceId, string app, string agent)
    {
        if (!CloudNames.IsName(app) || !CloudNames.IsName(agent))
        {
            return null;
        }

        var writes = data.WritesTo(workspaceId);
        if (known.TryGet((workspaceId, app, agent), out var kept) && kept.Writes == writes)
        {
            return kept.Agent;
        }

        var found = await Read(workspaceId, app, agent);
        known.Keep((workspaceId, app, agent), (found, writes), known.Version);
        return found;
    }

    /// <summary>All agents of the app, by their names.</summary>
    public async Task<IReadOnlyList<AgentDefinition>> List(string workspaceId, string app)
    {
        var (code, _) = await Code(workspaceId, app);
        var agents = new List<AgentDefinition>();
        foreach (var name in code.Keys.Select(AgentDefinition.NameOf).OfType<string>()
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (await Read(code, name) is { } agent)
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
            modules[file.Path[1..]] = Encoding.UTF8.GetString(await Bytes(file));
        }

        return new JsModules(AgentDefinition.CodePath(agent.Name)[1..], modules);
    }

    /// <summary>Most agents are a file or two: the app's others are looked at only for those that import some.</summary>
    private async Task<AgentDefinition?> Read(string workspaceId, string app, string agent)
    {
        var (code, leftOut) = await Code(workspaceId, app, agent);
        if (code.TryGetValue(AgentDefinition.CodePath(agent), out var module) && await Names(module) is [_, ..])
        {
            (code, leftOut) = await Code(workspaceId, app);
        }

        return await Read(code, agent) ?? (leftOut.Contains(agent) ? AgentDefinition.Compiled(agent) : null);
    }

    /// <summary>
    /// All of the app's files below the code's folder that are kept here, by their paths; and the agents that its package had
    /// and that could not be installed. Of one <paramref name="agent"/> only its own two files.
    /// </summary>
    private Task<(Dictionary<string, AppFile> Files, IReadOnlyList<string> LeftOut)> Code(string workspaceId, string app, string? agent = null) =>
        data.Read(workspaceId, async session =>
        {
            if (await CloudApps.Find(session, workspaceId, app) is not { } home)
            {
                return ([], (IReadOnlyList<string>)[]);
            }

            var files = agent is null
                ? await session.Query($"select {AppFile.Columns} from cloud_files where app_id = $1 and path > $2 and path < $3",
                    AppFile.Read, home.Id, AppFilePath.Inside(AgentDefinition.Folder),
                    AppFilePath.After(AppFilePath.Inside(AgentDefinition.Folder)))
                : await session.Query($"select {AppFile.Columns} from cloud_files where app_id = $1 and path in ($2, $3)",
                    AppFile.Read, home.Id, AgentDefinition.CodePath(agent), AgentDefinition.DefinitionPath(agent));
            return (files.Where(file => file.Sha256 is not null).ToDictionary(file => file.Path, StringComparer.Ordinal),
                Package.LeftOutIn(home.Metadata));
        });

    private async Task<AgentDefinition?> Read(Dictionary<string, AppFile> files, string agent)
    {
        var code = files.GetValueOrDefault(AgentDefinition.CodePath(agent));
        var definition = files.GetValueOrDefault(AgentDefinition.DefinitionPath(agent));
        if (code is null && definition is null)
        {
            return null;
        }

        var json = definition is { Size: <= AgentDefinition.BytesMax } ? await Bytes(definition) : null;
        return AgentDefinition.Read(agent, json, code is null ? [] : await Reached(files, code));
    }

    /// <summary>The module and all it names, directly or not: the others of the app may be broken without harm to it.</summary>
    private async Task<List<AppFile>> Reached(Dictionary<string, AppFile> files, AppFile code)
    {
        var reached = new List<AppFile> { code };
        for (var i = 0; i < reached.Count && reached.Count <= ModulesMax; i++)
        {
            foreach (var path in await Names(reached[i]))
            {
                if (files.TryGetValue(path, out var named) && !reached.Contains(named))
                {
                    reached.Add(named);
                }
            }
        }

        return reached;
    }

    /// <summary>The paths that a module may import.</summary>
    private async Task<List<string>> Names(AppFile module)
    {
        var paths = new List<string>();
        if (module.Size > ModuleBytesMax)
        {
            return paths;
        }

        foreach (Match match in Specifier.Matches(Encoding.UTF8.GetString(await Bytes(module))))
        {
            if (Uri.TryCreate(new Uri($"file://{module.Path}"), match.Groups["path"].Value, out var uri))
            {
                paths.Add(uri.AbsolutePath);
            }
        }

        return paths;
    }

    private Task<byte[]> Bytes(AppFile file) => blobs.Bytes(file.Sha256!, CancellationToken.None);

    /// <summary>What may be the path of another module: more is harmless, less would not be found.</summary>
    [GeneratedRegex("""["'`](?<path>\.{0,2}/[^"'`\s]{1,200}\.js)["'`]""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Specifier { get; }
}
