using System.CommandLine;
using System.Net.Http.Headers;

namespace Remix.Cli.Cloud;

/// <summary>The options that say which agent cloud, and as whom; and the transfers that are too large for one answer.</summary>
internal sealed class CloudConnection
{
    private const string LocalCloud = "http://localhost:8000";

    private static readonly HttpClient Http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private readonly Option<string?> server = new("--server")
    {
        Description = $"The cloud's address. Otherwise REMIX_CLOUD, or {LocalCloud}",
        HelpName = "URL",
    };

    private readonly Option<string?> token = new("--token")
    {
        Description = "A user's token, or one of 'remix cloud mktoken'. Otherwise REMIX_TOKEN, or what 'remix login' kept for the address",
        HelpName = "TOKEN",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(server);
        command.Options.Add(token);
    }

    /// <summary>Fetches a file to the disk: beside its place first, so that a broken transfer leaves no half of one.</summary>
    public async Task Download(ParseResult parsed, string path, FileInfo to, string title, CancellationToken cancel)
    {
        if (Directory.Exists(to.FullName) || to.Directory is not { Exists: true })
        {
            throw new MisuseException(Directory.Exists(to.FullName) ? $"{to} is a folder." : $"There is no folder {to.Directory}.",
                "Name a file in a folder that is there.");
        }

        using var response = await Send(parsed, HttpMethod.Get, path, null, cancel);
        var draft = to.FullName + ".part";
        try
        {
            await Screen.Progress(title, response.Content.Headers.ContentLength ?? 0, async report =>
            {
                await using (var file = File.Create(draft))
                {
                    await using var content = await response.Content.ReadAsStreamAsync(cancel);
                    await Copy(content, file, report, cancel);
                }

                File.Move(draft, to.FullName, overwrite: true);
            });
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Sends a file; what was answered.</summary>
    public async Task<T> Upload<T>(ParseResult parsed, string path, FileInfo from, string title, CancellationToken cancel)
    {
        if (!from.Exists)
        {
            throw new MisuseException($"There is no file {from}.", "Name the file to send.");
        }

        await using var file = from.OpenRead();
        HttpResponseMessage? response = null;
        await Screen.Progress(title, file.Length, async report =>
        {
            using var content = new StreamContent(new CountedStream(file, report));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            content.Headers.ContentLength = file.Length;
            response = await Send(parsed, HttpMethod.Post, path, content, cancel);
        });
        using (response)
        {
            return await Read<T>(response!, cancel);
        }
    }

    /// <summary>Passes a file on from this server to another. They need not know each other, and neither sees the other's token.</summary>
    public async Task<T> Transfer<T>(ParseResult parsed, string path, string to, string toPath, string? toToken, string title,
        CancellationToken cancel)
    {
        var address = Parse(to);
        using var source = await Send(parsed, HttpMethod.Get, path, null, cancel);
        await using var file = await source.Content.ReadAsStreamAsync(cancel);
        HttpResponseMessage? response = null;
        await Screen.Progress(title, source.Content.Headers.ContentLength, async report =>
        {
            using var content = new StreamContent(new CountedStream(file, report, () => new MisuseException(
                $"{AddressOf(parsed).OriginalString} ended the connection in the middle.", "Nothing was made. Repeat it when that server is up.")));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            content.Headers.ContentLength = source.Content.Headers.ContentLength;
            response = await Send(address, toToken ?? Credentials.Load().TokenFor(address), HttpMethod.Post, toPath, content, cancel);
        });
        using (response)
        {
            return await Read<T>(response!, cancel);
        }
    }

    public async Task<T> Post<T>(ParseResult parsed, string path, object body, CancellationToken cancel)
    {
        using var content = System.Net.Http.Json.JsonContent.Create(body, body.GetType(), options: Wire.Json);
        using var response = await Send(parsed, HttpMethod.Post, path, content, cancel);
        return await Read<T>(response, cancel);
    }

    private static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken cancel) =>
        await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync<T>(response.Content, Wire.Json, cancel)
            ?? throw new HttpRequestException($"{response.RequestMessage!.RequestUri} answered nothing.");

    private Task<HttpResponseMessage> Send(ParseResult parsed, HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        var address = AddressOf(parsed);
        return Send(address, TokenOf(parsed, address), method, path, content, cancel);
    }

    private static async Task<HttpResponseMessage> Send(Uri address, string? token, HttpMethod method, string path, HttpContent? content,
        CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        if (token is { } kept)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", kept);
        }

        HttpResponseMessage response;
        try
        {
            response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError)
        {
            throw new MisuseException($"Nothing answers at {address.OriginalString}.",
                "Start it with 'remix cloud serve', or name another with --server.");
        }
        catch (HttpRequestException failure) when (failure.InnerException is IOException)
        {
            throw new MisuseException($"{address.OriginalString} ended the connection before it answered.",
                "It may have stopped. What is sent is taken whole or not at all: look whether it is there, or send it again.");
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusedException.From(response, cancel);
        }
    }

    private Uri AddressOf(ParseResult parsed) =>
        Parse(FirstOf(parsed.GetValue(server), Environment.GetEnvironmentVariable("REMIX_CLOUD")) ?? LocalCloud);

    private static Uri Parse(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
        : throw new MisuseException($"'{text}' is no address of a cloud.", $"Write it like {LocalCloud}");

    private string? TokenOf(ParseResult parsed, Uri address) =>
        FirstOf(parsed.GetValue(token), Environment.GetEnvironmentVariable("REMIX_TOKEN")) ?? Credentials.Load().TokenFor(address);

    private static string? FirstOf(params string?[] values) => values.FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private static async Task Copy(Stream from, Stream to, Action<double> report, CancellationToken cancel)
    {
        var buffer = new byte[128 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, cancel)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            report(read);
        }
    }
}
