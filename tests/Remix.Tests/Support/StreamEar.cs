using System.Text;
using System.Text.Json;

namespace Remix.Tests.Support;

/// <summary>An ear on server-sent events.</summary>
public sealed class StreamEar : Ear
{
    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private StreamEar(HttpResponseMessage response, Stream stream)
    {
        (this.response, reader) = (response, new StreamReader(stream, Encoding.UTF8));
    }

    /// <summary>The id of the last event that had one: what a browser sends as Last-Event-ID.</summary>
    public string? LastEventId { get; private set; }

    public static async Task<StreamEar> Open(HttpClient http, string url, IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
        {
            using (response)
            {
                throw new RefusedHandshakeException((int)response.StatusCode);
            }
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new StreamEar(response, await response.Content.ReadAsStreamAsync());
    }

    protected override async Task<Heard?> Receive(CancellationToken cancel)
    {
        string? type = null, data = null;
        while (await Line(cancel) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastEventId = line[4..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                type = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
            else if (line.Length == 0 && type == "close")
            {
                CloseCode = JsonSerializer.Deserialize<JsonElement>(data!).GetProperty("code").GetInt32();
                type = null;
            }
            else if (line.Length == 0 && data is not null)
            {
                var heard = Parse(data);
                Assert.Equal(type, heard.Type);
                return heard;
            }
        }

        return null;
    }

    public override ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> Line(CancellationToken cancel)
    {
        try
        {
            return await reader.ReadLineAsync(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException)
        {
            // The last is what HttpClient throws when patience ends while the server dies.
            return null;
        }
    }
}
