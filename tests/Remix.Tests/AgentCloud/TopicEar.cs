using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

/// <summary>An ear on a topic.</summary>
internal sealed class TopicEar : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private TopicEar(HttpResponseMessage response, Stream stream)
    {
        (this.response, reader) = (response, new StreamReader(stream, Encoding.UTF8));
    }

    /// <summary>The status, and the stream when there is one.</summary>
    public static async Task<(int Status, HttpResponseMessage? Response)> Knock(Actor actor, string path, bool keep = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, actor.Server.BaseUrl + path);
        if (actor.HasToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", actor.Token);
        }

        var response = await actor.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (keep)
        {
            return ((int)response.StatusCode, response);
        }

        using (response)
        {
            return ((int)response.StatusCode, null);
        }
    }

    public static async Task<TopicEar> Open(Actor actor, string path)
    {
        var (status, response) = await Knock(actor, path, keep: true);
        Assert.True(status == 200, $"{path} answered {status}");
        Assert.Equal("text/event-stream", response!.Content.Headers.ContentType?.MediaType);
        var ear = new TopicEar(response, await response.Content.ReadAsStreamAsync());
        Assert.Equal(":", await ear.Line());
        return ear;
    }

    /// <summary>The next line that is not empty.</summary>
    public async Task<string?> Line()
    {
        using var patience = new CancellationTokenSource(Patience);
        string? line;
        do
        {
            line = await reader.ReadLineAsync(patience.Token);
        }
        while (line is { Length: 0 });

        return line;
    }

    /// <summary>The next message.</summary>
    public async Task<JsonElement> Next()
    {
        while (await Line() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<JsonElement>(line[5..]);
            }
        }

        throw new EndOfStreamException("The stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
