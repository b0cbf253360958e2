using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Remix.Tests.Support;

/// <summary>Somebody who speaks HTTP to a server: a user, an agent, or nobody.</summary>
public sealed class Actor(IServerAddress server, string name, string? token)
{
    private static readonly JsonSerializerOptions AsWritten = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A user's id, or an agent's.</summary>
    public string Name => name;

    public IServerAddress Server => server;

    public bool HasToken => token is not null;

    public string Token => token ?? throw new InvalidOperationException($"{name} has no token.");

    /// <summary>The same somebody at another address.</summary>
    public Actor At(IServerAddress other) => new(other, name, token);

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Post(string path, object? body = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, Json(body), headers);

    public Task<Answer> Put(string path, object? body = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, path, Json(body), headers);

    public Task<Answer> Delete(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Delete, path, null, headers);

    /// <summary>Uploads a room's file.</summary>
    public Task<Answer> Upload(string roomId, string path, byte[] content, string? type = null) =>
        Send(HttpMethod.Put, $"/rooms/{roomId}/files/{path}", Bytes(content, type));

    public Task<Answer> Upload(string roomId, string path, string content, string? type = null) =>
        Upload(roomId, path, Encoding.UTF8.GetBytes(content), type);

    /// <summary>Says something in a room; the answer is the message.</summary>
    public async Task<Answer> Say(string roomId, string body) => (await Post($"/rooms/{roomId}/send", new { body })).Ok(200);

    /// <summary>Sends what has the form of a ciphertext; what it is said to hold lies in it in plain text.</summary>
    public Task<Answer> SayEncrypted(string roomId, string text = "") =>
        Post($"/rooms/{roomId}/send", new
        {
            body = new { c = Convert.ToBase64String([1, .. Encoding.UTF8.GetBytes(text), .. new byte[40]]), t = "encrypted" },
        });

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, server.BaseUrl + path) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (header, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(header, value))
            {
                content?.Headers.TryAddWithoutValidation(header, value);
            }
        }

        using var response = await server.Http.SendAsync(request);
        var answer = await Answer.Of(request, response);
        if (answer.Status == 500 && !answer.IsRunError)
        {
            Assert.Fail($"{answer}\n{string.Join('\n', server.TakeErrors())}");
        }

        return answer;
    }

    /// <summary>Listens to a room through a WebSocket, from now or from a place on.</summary>
    public async Task<SocketEar> Listen(string roomId, long? afterSeq = null)
    {
        var ear = await SocketEar.Open($"{server.BaseUrl}/rooms/{roomId}/ws{Resume(afterSeq)}", Bearer);
        await ear.Begin();
        return ear;
    }

    /// <summary>Listens to a room through server-sent events.</summary>
    public async Task<StreamEar> ListenByStream(string roomId, long? afterSeq = null, params (string Name, string Value)[] headers)
    {
        var ear = await StreamEar.Open(server.Http, $"{server.BaseUrl}/rooms/{roomId}/stream{Resume(afterSeq)}", [.. headers, .. Bearer]);
        await ear.Begin();
        return ear;
    }

    private (string Name, string Value)[] Bearer => token is null ? [] : [("Authorization", "Bearer " + token)];

    public static ByteArrayContent Json(string text) => Bytes(Encoding.UTF8.GetBytes(text), "application/json");

    /// <summary>Content as it is, or anything else as JSON.</summary>
    public static HttpContent? Json(object? body) => body is null ? null
        : body as HttpContent ?? Bytes(JsonSerializer.SerializeToUtf8Bytes(body, AsWritten), "application/json");

    public static ByteArrayContent Bytes(byte[] content, string? type)
    {
        var bytes = new ByteArrayContent(content);
        if (type is not null)
        {
            bytes.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return bytes;
    }

    private static string Resume(long? afterSeq) => afterSeq is null ? "" : $"?after_seq={afterSeq}";

    public override string ToString() => name;
}

/// <summary>Where a server under test is, in this process or in its own.</summary>
public interface IServerAddress
{
    string BaseUrl { get; }

    HttpClient Http { get; }

    /// <summary>What the server has logged as errors so far; taken, they no longer fail the test.</summary>
    IReadOnlyList<string> TakeErrors();
}
