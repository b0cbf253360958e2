using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Remix.Platform.Faults;
using Remix.Platform.Http.Describing;
using Remix.Platform.Http.Ports;

namespace Remix.Platform.Http;

/// <summary>What a route takes as its JSON body or its query: a record that reads itself field by field.</summary>
public interface IReadFields<TSelf> where TSelf : IReadFields<TSelf>
{
    static abstract TSelf Read(Fields fields);
}

/// <summary>A route may take more than <see cref="RequestBody.BytesMax"/>: <c>.WithMetadata(new BodyLimit(...))</c>.</summary>
public sealed record BodyLimit(long BytesMax);

/// <summary>Reads JSON bodies within their limits.</summary>
public static class RequestBody
{
    /// <summary>The limit of a JSON body where a route does not name its own.</summary>
    public const long BytesMax = 64 * 1024;

    public static TBuilder WithBodyLimit<TBuilder>(this TBuilder builder, long bytesMax) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new BodyLimit(bytesMax));

    internal static async Task<JsonElement> ReadJson(HttpContext context) => ObjectIn(await ReadAll(context, BytesMax));

    /// <summary>The whole body, within the route's limit, or the given one where it names none.</summary>
    public static async Task<byte[]> ReadAll(HttpContext context, long bytesOtherwise)
    {
        RequirePlain(context.Request);
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.BytesMax ?? bytesOtherwise;

        // We count by ourselves. The server's own limit would close the connection before its sender reads why.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > limit)
        {
            throw TooLarge(context, limit);
        }

        return await ReadBytes(context, limit);
    }

    /// <summary>A body that is compressed on the way would be taken for what it is not.</summary>
    public static void RequirePlain(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new Fault(415, "UNSUPPORTED_ENCODING", "The body has a Content-Encoding, and bodies are taken only without one")
            {
                Hint = "Send it uncompressed, without the header Content-Encoding.",
            };
        }
    }

    /// <summary>The JSON object that the bytes are; undefined when there are none.</summary>
    public static JsonElement ObjectIn(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return default;
        }

        if (!Utf8.IsValid(bytes))
        {
            throw Fault.Invalid([new Issue("invalid_json", [], "The body is not valid UTF-8")]);
        }

        try
        {
            // Not disposed: the elements outlive this call, and the bytes are the document's own.
            var root = JsonDocument.Parse(WithoutMark(bytes), new JsonDocumentOptions { MaxDepth = 64 }).RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw Fault.Invalid([new Issue("invalid_type", [],
                    $"Expected a JSON object, received {root.ValueKind.ToString().ToLowerInvariant()}")]);
            }

            if (bytes.AsSpan().IndexOf("\\u"u8) >= 0)
            {
                RequireText(root);
            }

            return root;
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }
    }

    /// <summary>Some editors and shells put a byte order mark first, which no JSON parser has to take (RFC 8259, 8.1).</summary>
    private static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) =>
        bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;

    /// <summary>
    /// Escapes can write what no text holds: half a character, on which reading the string would fail, and NUL, which
    /// PostgreSQL does not store.
    /// </summary>
    private static void RequireText(JsonElement root)
    {
        var issues = new List<Issue>();
        Look(root, []);
        if (issues.Count > 0)
        {
            throw Fault.Invalid(issues);
        }

        void Look(JsonElement element, object[] path)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    Check(element.GetString, path);
                    break;
                case JsonValueKind.Array:
                    foreach (var (item, index) in element.EnumerateArray().Select((item, index) => (item, index)))
                    {
                        Look(item, [.. path, index]);
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (var property in element.EnumerateObject())
                    {
                        if (Check(() => property.Name, path))
                        {
                            Look(property.Value, [.. path, property.Name]);
                        }
                    }

                    break;
            }
        }

        bool Check(Func<string?> read, object[] path)
        {
            try
            {
                if (!read()!.Contains('\0', StringComparison.Ordinal))
                {
                    return true;
                }

                issues.Add(new Issue("invalid_string", path, "String must not contain a NUL character"));
            }
            catch (InvalidOperationException)
            {
                issues.Add(new Issue("invalid_string", path, "String must be valid Unicode"));
            }

            return false;
        }
    }

    private static async Task<byte[]> ReadBytes(HttpContext context, long limit)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw TooLarge(context, limit);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Fault Malformed(JsonException e) => new(400, "MALFORMED_JSON", "The body is not valid JSON")
    {
        Details = [new Issue("invalid_json", [], $"Line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message.Split(". LineNumber")[0]}")],
        Hint = "Send a JSON object, UTF-8, with Content-Type: application/json.",
    };

    private static Fault TooLarge(HttpContext context, long limit) => Fault.TooLarge($"The request body is larger than {limit / 1024} KB",
        OwnPort.Of(context) is not null ? "Send less at once." : "Send less at once: files go to PUT /rooms/{owner}/{room}/files/{path}, long texts into several messages.");
}

/// <summary>Binds a JSON body; a missing one is read as an object without fields.</summary>
public sealed class Body<T>(T value) : IEndpointParameterMetadataProvider where T : IReadFields<T>
{
    public T Value { get; } = value;

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var fields = Fields.OfBody(await RequestBody.ReadJson(context));
        var value = T.Read(fields);
        fields.ThrowIfInvalid();
        return new Body<T>(value);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T), static fields => T.Read(fields)));
}

/// <summary>Binds the query string.</summary>
public sealed class Query<T>(T value) : IEndpointParameterMetadataProvider where T : IReadFields<T>
{
    public T Value { get; } = value;

    public static ValueTask<Query<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var fields = Fields.OfQuery(context.Request.Query);
        var value = T.Read(fields);
        fields.ThrowIfInvalid();
        return ValueTask.FromResult<Query<T>?>(new Query<T>(value));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(QueryMetadata.Of<T>());
}

/// <summary>
/// Tells OpenAPI which fields a route's body has. Not ASP.NET's own metadata: that one would also refuse JSON that
/// comes without its Content-Type, as curl sends it.
/// </summary>
public sealed class BodyMetadata(Type type, Action<Fields> read)
{
    // Only who asks for the document pays for it.
    private readonly Lazy<FieldSurvey> survey = new(() => FieldSurvey.Of(read, ofQuery: false));

    public Type Type => type;

    internal Action<Fields> Read => read;

    internal FieldSurvey Survey => survey.Value;
}

/// <summary>Tells OpenAPI that a route takes a file as it is, or in a field of a form.</summary>
public sealed record BinaryBodyMetadata(string? FormField = null);

/// <summary>Tells OpenAPI which fields a route takes in its query.</summary>
public sealed class QueryMetadata
{
    private readonly Lazy<FieldSurvey> survey;

    private QueryMetadata(Type type, Action<Fields> read)
    {
        (Type, Read) = (type, read);
        survey = new(() => FieldSurvey.Of(read, ofQuery: true));
    }

    public Type Type { get; }

    internal Action<Fields> Read { get; }

    internal FieldSurvey Survey => survey.Value;

    public static QueryMetadata Of<T>() where T : IReadFields<T> => new(typeof(T), static fields => T.Read(fields));
}
