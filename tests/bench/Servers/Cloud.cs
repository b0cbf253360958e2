using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Remix.Bench.Servers;

/// <summary>The agent cloud of our server, spoken to as its users do.</summary>
internal sealed class Cloud : IAsyncDisposable
{
    public const string Agent = "export default async (params) => ({ sum: params.a + params.b })";
    public const string Sum = """{"sum":3}""";

    public const string Params = """{"a":1,"b":2}""";

    private readonly HttpClient http;

    private Cloud(HttpClient http, string token) => (this.http, Token) = (http, token);

    /// <summary>Of the user who has all workspaces.</summary>
    public string Token { get; }

    public static async Task<Cloud> Enter(OurServer server, string user, CancellationToken stop)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = server.CloudAddress,
        };
        using var joined = await http.PostAsJsonAsync(new Uri(server.Address, "/register"), new JsonObject { ["user_id"] = user }, stop);
        var answer = await joined.Content.ReadFromJsonAsync<JsonObject>(stop);
        var token = (string?)answer?["token"] ?? throw new BenchException("Nobody may register");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new Cloud(http, token);
    }

    public async Task Workspace(string name, CancellationToken stop)
    {
        using var content = new StringContent($$"""{"name":"{{name}}"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/ws", UriKind.Relative), content, stop);
        await Require(answer, stop);
        await Write(name, "sum", stop);
    }

    public async Task Write(string workspace, string agent, CancellationToken stop, string code = Agent)
    {
        using var content = new StringContent(code, Encoding.UTF8, "text/javascript");
        using var answer = await http.PutAsync(new Uri($"/v1/ws/{workspace}/app/bench/file-manager/content?path=/code/{agent}.js", UriKind.Relative),
            content, stop);
        await Require(answer, stop);
    }

    public async Task Run(string workspace, string agent, CancellationToken stop)
    {
        using var content = new StringContent(Params, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"/run-agent/{workspace}/bench/{agent}", UriKind.Relative), content, stop);
        if (await answer.Content.ReadAsStringAsync(stop) is var text && text != Sum)
        {
            throw new BenchException($"The agent answered {(int)answer.StatusCode} {text}");
        }
    }

    /// <summary>Runs an agent, whatever comes of it.</summary>
    public async Task TryRun(string workspace, string agent, int deadlineMs, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri($"/run-agent/{workspace}/bench/{agent}?timeout={deadlineMs}", UriKind.Relative));

        // What it answers is not kept: it may be long, and this process measures.
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        await answer.Content.CopyToAsync(Stream.Null, stop);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task Require(HttpResponseMessage answer, CancellationToken stop)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var text = await answer.Content.ReadAsStringAsync(stop);
            throw new BenchException($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode} {text}");
        }
    }
}
