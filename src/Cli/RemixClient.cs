using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Remix.Cli;

/// <summary>
/// Speaks to one server as one caller. Waits as long as Retry-After asks, and tries again what can safely be tried again;
/// any other refusal is a <see cref="RefusedException"/>.
/// </summary>
internal sealed class RemixClient(Uri server, string? token)
{
    private const int AttemptsMax = 6;
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(90);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(5) };

    public Uri Server { get; } = server;

    public RemixClient As(string otherToken) => new(Server, otherToken);

    public Task<T> Get<T>(string path, CancellationToken cancel) =>
        Read<T>(() => Request(HttpMethod.Get, path, null), cancel);

    public Task<T> Post<T>(string path, object? body, CancellationToken cancel) =>
        Read<T>(() => Request(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body, options: Wire.Json)), cancel);

    public async Task Post(string path, object? body, CancellationToken cancel)
    {
        using var response = await Send(
            () => Request(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body, options: Wire.Json)), cancel);
    }

    public async Task Put(string path, byte[] content, string contentType, CancellationToken cancel)
    {
        using var response = await Send(
            () =>
            {
                var bytes = new ByteArrayContent(content);
                bytes.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
                return Request(HttpMethod.Put, path, bytes);
            },
            cancel);
    }

    private async Task<T> Read<T>(Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        using var response = await Send(request, cancel);
        return await response.Content.ReadFromJsonAsync<T>(Wire.Json, cancel)
            ?? throw new HttpRequestException($"{response.RequestMessage!.RequestUri} answered nothing.");
    }

    private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = make();
            HttpResponseMessage response;
            try
            {
                response = await Http.SendAsync(request, cancel);
            }
            catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError)
            {
                throw new MisuseException($"Nothing answers at {Server.OriginalString}.",
                    "Start a server with bin/run, or name another with --server.");
            }

            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (WaitBefore(request.Method, response, attempt) is not { } wait)
                {
                    throw await RefusedException.From(response, cancel);
                }

                await Task.Delay(wait, cancel);
            }
        }
    }

    /// <summary>How long to wait before trying again; null when that would be wrong or in vain.</summary>
    private static TimeSpan? WaitBefore(HttpMethod method, HttpResponseMessage response, int attempt)
    {
        var again = response.StatusCode is HttpStatusCode.TooManyRequests
            || (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway && method != HttpMethod.Post);
        if (!again || attempt >= AttemptsMax)
        {
            return null;
        }

        var retryAfter = response.Headers.RetryAfter;
        var asked = retryAfter?.Delta ?? retryAfter?.Date - DateTimeOffset.UtcNow;
        return asked > RetryAfterMax ? null : asked ?? TimeSpan.FromMilliseconds(250 << attempt);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, new Uri(Server, path)) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return request;
    }
}
