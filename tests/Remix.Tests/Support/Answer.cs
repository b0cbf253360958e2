using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Remix.Tests.Support;

/// <summary>What the server answered.</summary>
public sealed class Answer
{
    private readonly string asked;
    private JsonElement? json;

    private Answer(string asked, int status, HttpResponseHeaders headers, HttpContentHeaders contentHeaders, byte[] bytes)
    {
        (this.asked, Status, Headers, ContentHeaders, Bytes) = (asked, status, headers, contentHeaders, bytes);
    }

    public int Status { get; }

    public HttpResponseHeaders Headers { get; }

    public HttpContentHeaders ContentHeaders { get; }

    public byte[] Bytes { get; }

    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => json ??= JsonSerializer.Deserialize<JsonElement>(Bytes);

    public JsonElement this[string field] => Json.TryGetProperty(field, out var value) ? value
        : throw new KeyNotFoundException($"No field {field} in {this}");

    /// <summary>An agent of the cloud failed, which is its author's matter and not the server's.</summary>
    public bool IsRunError => Status == 500 && Text.StartsWith("{\"kind\":\"run_error\"", StringComparison.Ordinal);

    public static async Task<Answer> Of(HttpRequestMessage request, HttpResponseMessage response) => new($"{request.Method} {request.RequestUri}",
        (int)response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync());

    /// <summary>A header of the answer or of its content; null when there is none.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values)
        ? string.Join(", ", values) : null;

    public long Number(string field) => this[field].GetInt64();

    public string String(string field) => this[field].GetString() ?? throw new KeyNotFoundException($"{field} is null in {this}");

    public IReadOnlyList<JsonElement> Items => [.. this["items"].EnumerateArray()];

    /// <summary>Throws, with what was answered, unless the call succeeded.</summary>
    public Answer Ok(int? status = null)
    {
        var isOk = status is null ? Status is >= 200 and < 300 : Status == status;
        return isOk ? this : throw new Xunit.Sdk.XunitException($"{(status is null ? "Success" : status)} expected: {this}");
    }

    /// <summary>Throws unless the call was refused with this code, in the platform's form, for which every refusal is checked.</summary>
    public Answer Refused(int status, string code)
    {
        if (Status != status)
        {
            Assert.Fail($"{status} {code} expected: {this}");
        }

        Assert.Equal(code, String("code"));
        Assert.NotEmpty(String("error"));
        Assert.Equal(status, this["statusCode"].GetInt32());
        Assert.Equal(Header("X-Request-Id"), String("request_id"));
        return this;
    }

    /// <summary>The same in the agent cloud's form.</summary>
    public Answer RefusedByCloud(int status, string code)
    {
        if (Status != status)
        {
            Assert.Fail($"{status} {code} expected: {this}");
        }

        Assert.False(this["ok"].GetBoolean());
        Assert.Equal("message", String("kind"));
        Assert.NotEmpty(String("message"));
        Assert.Equal(code, String("code"));
        Assert.Equal(Header("X-Request-Id"), String("request_id"));
        return this;
    }

    /// <summary>Throws unless the agent cloud refused the input for exactly these fields.</summary>
    public Answer InvalidForCloud(params string[] fields) => RefusedByCloud(400, "VALIDATION_FAILED").About(fields);

    /// <summary>Throws unless the input was refused for exactly these fields (dotted paths).</summary>
    public Answer Invalid(params string[] fields)
    {
        return Refused(400, "VALIDATION_FAILED").About(fields);
    }

    private Answer About(string[] fields)
    {
        var problems = this["details"].EnumerateArray()
            .Select(issue => string.Join('.', issue.GetProperty("path").EnumerateArray().Select(part => part.ToString())));
        Assert.Equal(fields.Order(StringComparer.Ordinal), problems.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return this;
    }

    public override string ToString() => $"{asked} answered {Status} {(Text.Length > 2000 ? Text[..2000] + "…" : Text)}";
}
