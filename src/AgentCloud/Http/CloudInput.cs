using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Faults;
using Remix.Platform.Http;

namespace Remix.AgentCloud.Http;

/// <summary>
/// Binds a call's parameters however they come: JSON, an urlencoded form, multipart. A body that begins with <c>{</c> is JSON
/// whatever its label, since that is how curl sends it.
/// </summary>
internal sealed class CloudInput<T>(T value) : IEndpointParameterMetadataProvider where T : IReadFields<T>
{
    public T Value { get; } = value;

    public static async ValueTask<CloudInput<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var fields = await CloudBody.Read(context);
        var value = T.Read(fields);
        fields.ThrowIfInvalid();
        return new CloudInput<T>(value);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T), static fields => T.Read(fields)));
}

/// <summary>Reads the parameters of a call.</summary>
internal static class CloudBody
{
    /// <summary>The limit of parameters where a route does not name its own.</summary>
    public const int ParametersBytesMax = 1024 * 1024;

    /// <summary>The limit of what routes take that are sent more than parameters.</summary>
    public const int BytesMax = 32 * 1024 * 1024;

    private const int FieldsMax = 256;

    /// <summary>The fields of the body; those of a form are read as those of a query are: from text.</summary>
    public static async Task<Fields> Read(HttpContext context)
    {
        var (json, form) = await Parts(context);
        return form is null ? Fields.OfBody(json) : Fields.OfQuery(new QueryCollection(form));
    }

    /// <summary>The fields of the query, and those of the body that it does not name.</summary>
    public static async Task<Fields> ReadWithQuery(HttpContext context)
    {
        var (json, form) = await Parts(context);
        if (context.Request.Query.Count == 0)
        {
            return form is null ? Fields.OfBody(json) : Fields.OfQuery(new QueryCollection(form));
        }

        var fields = form ?? (json.ValueKind != JsonValueKind.Object ? [] : json.EnumerateObject()
            .Where(member => member.Value.ValueKind != JsonValueKind.Null).DistinctBy(member => member.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(member => member.Name, member => new StringValues(member.Value.ToString()), StringComparer.OrdinalIgnoreCase));
        foreach (var (name, value) in context.Request.Query)
        {
            fields[name] = value;
        }

        return Fields.OfQuery(new QueryCollection(fields));
    }

    /// <summary>The body as JSON or, where it is a form, its fields.</summary>
    private static async Task<(JsonElement Json, Dictionary<string, StringValues>? Form)> Parts(HttpContext context)
    {
        var bytes = await ReadAll(context, ParametersBytesMax);
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed : null;
        if (LooksLikeJson(bytes) || type is null || type.MediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            return (RequestBody.ObjectIn(IsBlank(bytes) ? [] : bytes), null);
        }

        if (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return (default, Urlencoded(bytes));
        }

        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return (default, await Multipart(bytes, type, context.RequestAborted));
        }

        return bytes.Length == 0 ? (default, null) : throw new Fault(415, "UNSUPPORTED_MEDIA_TYPE",
            $"Parameters of the type {type.MediaType} are not understood")
        {
            Hint = "Send a JSON object, an urlencoded form, or multipart/form-data.",
        };
    }

    /// <summary>JSON in a field: as it is in a JSON body, or written out in the field of a form.</summary>
    public static JsonElement? Json(this Fields fields, string field, int bytesMax)
    {
        if (fields.Json(field, JsonValueKind.Undefined, bytesMax) is not { } value || value.ValueKind != JsonValueKind.String)
        {
            return fields.Json(field, JsonValueKind.Undefined, bytesMax);
        }

        try
        {
            using var document = JsonDocument.Parse(value.GetString()!, new JsonDocumentOptions { MaxDepth = 63 });
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            fields.Problem(field, $"Expected JSON: {e.Message.Split(". LineNumber")[0]}", "invalid_json");
            return null;
        }
    }

    /// <summary>The whole body, without the byte order mark that some editors and shells put before a text.</summary>
    public static async Task<byte[]> ReadAll(HttpContext context, long bytesOtherwise) =>
        WithoutMark(await RequestBody.ReadAll(context, bytesOtherwise));

    public static byte[] WithoutMark(byte[] bytes) => bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;

    public static bool LooksLikeJson(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.IndexOfAnyExcept(" \t\r\n"u8);
        return start >= 0 && bytes[start] == (byte)'{';
    }

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static Dictionary<string, StringValues> Urlencoded(byte[] bytes)
    {
        try
        {
            using var reader = new FormReader(TextOf(bytes)) { ValueCountLimit = FieldsMax, ValueLengthLimit = ParametersBytesMax };
            return reader.ReadForm();
        }
        catch (InvalidDataException e)
        {
            throw Malformed(e.Message);
        }
    }

    private static async Task<Dictionary<string, StringValues>> Multipart(byte[] bytes, MediaTypeHeaderValue type, CancellationToken stop)
    {
        var fields = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is null or { Length: 0 or > 70 })
        {
            throw Malformed("Its Content-Type names no boundary.");
        }

        try
        {
            using var stream = new MemoryStream(bytes);
            var reader = new MultipartReader(boundary, stream);
            while (await reader.ReadNextSectionAsync(stop) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || disposition.Name.Length == 0)
                {
                    throw Malformed("A part has no name.");
                }

                using var value = new MemoryStream();
                await section.Body.CopyToAsync(value, stop);
                fields[HeaderUtilities.RemoveQuotes(disposition.Name).Value!] = TextOf(value.ToArray());
                if (fields.Count > FieldsMax)
                {
                    throw Malformed($"It has more than {FieldsMax} parts.");
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Malformed(e.Message);
        }

        return fields;
    }

    private static string TextOf(byte[] bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Malformed("It is not valid UTF-8.");

    private static Fault Malformed(string message) => new(400, "MALFORMED_FORM", "The form cannot be read")
    {
        Details = [new Issue("invalid_form", [], message)],
        Hint = "Send a JSON object, an urlencoded form, or multipart/form-data.",
    };
}
