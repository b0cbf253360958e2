using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Remix.Platform.Faults;
using Remix.Platform.Http.Outbound;

namespace Remix.AgentCloud.Zip;

/// <summary>Fetches, and sends, files to addresses that callers name: public ones, and those that the operator opened.</summary>
internal sealed class UrlFetch(OutboundHttp http, OutboundGuard guard, IncomingFile incoming)
{
    private const int RedirectsMax = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>The file at the address; what cannot be had is a fault that says why.</summary>
    public Task<FileStream> Get(string url, string? token, long bytesMax, CancellationToken stop) => Within(url, async patience =>
    {
        var at = new Uri(url);
        for (var hops = 0; ; hops++)
        {
            await Require(at.AbsoluteUri, patience);
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            Sign(request, at.GetLeftPart(UriPartial.Authority) == new Uri(url).GetLeftPart(UriPartial.Authority) ? token : null);
            using var answer = await http.Send(request, patience);
            if (answer.StatusCode is >= HttpStatusCode.MovedPermanently and < HttpStatusCode.BadRequest
                && answer.Headers.Location is { } next && hops < RedirectsMax)
            {
                at = new Uri(at, next);
                continue;
            }

            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw await Failed(at.Host, answer, patience);
            }

            await using var content = await answer.Content.ReadAsStreamAsync(patience);
            return await incoming.Receive(content, bytesMax, patience);
        }
    }, stop);

    /// <summary>Sends a file to the address; the answer's text.</summary>
    public Task<string> Post(string url, string? token, Stream file, CancellationToken stop) => Within(url, async patience =>
    {
        await Require(url, patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StreamContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentLength = file.Length;
        Sign(request, token);
        using var answer = await http.Send(request, patience);
        return answer.IsSuccessStatusCode ? await Text(answer, patience) : throw await Failed(new Uri(url).Host, answer, patience);
    }, stop);

    private async Task Require(string url, CancellationToken stop)
    {
        if (await guard.Refusal(url, stop) is { } refusal)
        {
            throw Fault.Invalid("url", refusal);
        }
    }

    private static void Sign(HttpRequestMessage request, string? token)
    {
        request.Headers.UserAgent.ParseAdd("Remix-Cloud/1");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    private static async Task<T> Within<T>(string url, Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            return await work(patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or UriFormatException)
        {
            throw Unreachable(url, e.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Unreachable(url, $"it took longer than {Patience.TotalMinutes:0} minutes");
        }
    }

    private static async Task<Fault> Failed(string host, HttpResponseMessage answer, CancellationToken stop)
    {
        var said = Message(await Text(answer, stop));
        var message = $"{host} answered {(int)answer.StatusCode}{(said.Length > 0 ? $": {said}" : "")}";
        return answer.StatusCode == HttpStatusCode.Conflict ? Fault.Conflict("URL_CONFLICT", message, "Nothing was changed. Choose another name.")
            : new Fault(502, "URL_FAILED", message) { Hint = "Nothing was changed. Look whether the address and the token are right." };
    }

    /// <summary>Of a refusal in our own form what it says; of any other all of it.</summary>
    private static string Message(string said)
    {
        try
        {
            using var json = JsonDocument.Parse(said);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message)
                && message.ValueKind == JsonValueKind.String ? message.GetString()! : said;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return said;
        }
    }

    private static Fault Unreachable(string url, string why) => new(502, "URL_FAILED", $"{new Uri(url).Host} cannot be reached: {why}")
    {
        Hint = "Nothing was changed. Look whether the address is right and answers.",
    };

    private static async Task<string> Text(HttpResponseMessage answer, CancellationToken stop)
    {
        var bytes = new byte[2000];
        await using var content = await answer.Content.ReadAsStreamAsync(stop);
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        return System.Text.Encoding.UTF8.GetString(bytes, 0, length).Trim();
    }
}
