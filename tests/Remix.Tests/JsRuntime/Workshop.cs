using Remix.JsRuntime;
using Remix.JsRuntime.Workers;

namespace Remix.Tests.JsRuntime;

/// <summary>A runtime for workers with a data directory of its own, and short ways to deploy and call them.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("remix-workers-");

    public Workshop()
    {
        // Where the server is root, processes are nobody's, who must be able to walk to what is theirs.
        if (!OperatingSystem.IsWindows())
        {
            data.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }

        Engine = New();
    }

    public Engine Engine { get; private set; }

    public string Data => data.FullName;

    public WorkerRuntime Runtime => Engine.Service<WorkerRuntime>();

    /// <summary>As if the server had stopped and started again.</summary>
    public async Task Restart()
    {
        await Engine.DisposeAsync();
        Engine = New();
    }

    public Task<HttpResponseMessage> Send(WorkerCode code, HttpRequestMessage request, string tenant = "shop", TimeSpan? deadline = null) =>
        Runtime.Send(new JsTenant(tenant), code.Generation, _ => new ValueTask<WorkerCode>(code), request,
            deadline ?? TimeSpan.FromSeconds(60), default);

    public async Task<string> Text(WorkerCode code, string path = "/", string tenant = "shop")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://slot{path}");
        using var answer = await Send(code, request, tenant);
        return await answer.Content.ReadAsStringAsync();
    }

    public static WorkerCode Code(string source, params WorkerBinding[] bindings) => new(1, [("main.js", source)], bindings);

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        data.Delete(recursive: true);
    }

    private Engine New() => new(null, settings => settings with { DataDirectory = data.FullName });
}
