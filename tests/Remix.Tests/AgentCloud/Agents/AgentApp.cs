using System.Text;
using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>An app of alice's in a workspace of its own, whose agents a test writes as it needs them.</summary>
public sealed class AgentApp(CloudWorld cloud, string workspace, string app)
{
    public string Workspace => workspace;

    public string Name => app;

    public static async Task<AgentApp> New(CloudWorld cloud) => new(cloud, await cloud.NewWorkspace(), "notes");

    public AgentApp Beside(string name) => new(cloud, workspace, name);

    /// <summary>Writes an agent: the body of its function, or a whole module.</summary>
    public async Task<AgentApp> Agent(string name, string code, object? definition = null)
    {
        await File($"/code/{name}.js", code.Contains("export default", StringComparison.Ordinal) ? code
            : $"export default async (params, remix) => {{ {code} }};");
        if (definition is not null)
        {
            await File($"/code/{name}.json", JsonSerializer.Serialize(definition));
        }

        return this;
    }

    public async Task File(string path, string content) => (await cloud.Alice.Send(HttpMethod.Put,
        $"/v1/ws/{workspace}/app/{app}/file-manager/content?path={Uri.EscapeDataString(path)}&force=true",
        Actor.Bytes(Encoding.UTF8.GetBytes(content), "application/octet-stream"))).Ok();

    public Task<Answer> Run(string agent, object? parameters = null, Actor? by = null, string query = "") =>
        (by ?? cloud.Alice).Post($"/run-agent/{workspace}/{app}/{agent}{query}", parameters);

    /// <summary>Writes an agent and runs it; what it answered.</summary>
    public async Task<JsonElement> Value(string code, object? parameters = null, Actor? by = null)
    {
        var name = cloud.World.FreshName("agent");
        await Agent(name, code);
        return (await Run(name, parameters, by)).Ok(200).Json;
    }
}
