using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;

namespace Remix.AgentCloud.Http;

/// <summary>Bodies that hold a file: as they are, or in a field of a form among others. The file is passed on as it comes.</summary>
internal static class CloudUpload
{
    private const int TextBytesMax = 64 * 1024;
    private const int PartsMax = 64;

    public static bool IsMultipart(HttpContext context) => TypeOf(context)?.MediaType.Equals("multipart/form-data",
        StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether it is a file and no parameters, whatever its label: curl calls everything urlencoded.</summary>
    public static async Task<bool> IsZip(HttpContext context)
    {
        var read = await context.Request.BodyReader.ReadAtLeastAsync(2, context.RequestAborted);
        var head = new byte[Math.Min(2, read.Buffer.Length)];
        System.Buffers.BuffersExtensions.CopyTo(read.Buffer.Slice(0, head.Length), head);
        context.Request.BodyReader.AdvanceTo(read.Buffer.Start);
        return head.AsSpan().SequenceEqual("PK"u8) || TypeOf(context)?.MediaType.Value is "application/octet-stream" or "application/zip";
    }

    /// <summary>Where the file lies that was not sent; a problem, which says how it can be sent, when that is not said.</summary>
    public static string? UrlIn(Fields fields, string what)
    {
        if (fields.Read("url") is not null)
        {
            return OutboundGuard.ReadUrl(fields, "url");
        }

        fields.Problem("url", $"Required: send the {what} as the body (application/octet-stream), in the field file of a form, "
            + "or name its url", "invalid_type");
        return null;
    }

    /// <summary>Reads a form: its texts, and the file in the given field as the receiver makes it; null when there is none.</summary>
    public static async Task<(Fields Fields, T? File)> ReadForm<T>(HttpContext context, string field, Func<Stream, Task<T>> receive) where T : class
    {
        var boundary = HeaderUtilities.RemoveQuotes(TypeOf(context)!.Boundary).Value;
        if (boundary is null or { Length: 0 or > 70 })
        {
            throw Malformed("Its Content-Type names no boundary.");
        }

        var texts = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        T? file = null;
        try
        {
            var reader = new MultipartReader(boundary, context.Request.Body);
            for (var parts = 0; await reader.ReadNextSectionAsync(context.RequestAborted) is { } section; parts++)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || disposition.Name.Length == 0
                    || parts >= PartsMax)
                {
                    throw Malformed(parts >= PartsMax ? $"It has more than {PartsMax} parts." : "A part has no name.");
                }

                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value!;
                if (name != field)
                {
                    texts[name] = await Text(section.Body, context.RequestAborted);
                }
                else
                {
                    file = file is null ? await receive(section.Body) : throw Malformed($"It has the file {field} twice.");
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            (file as IDisposable)?.Dispose();
            throw Malformed(e.Message);
        }

        return (Fields.OfQuery(new QueryCollection(texts)), file);
    }

    private static async Task<string> Text(Stream part, CancellationToken stop)
    {
        using var value = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await part.ReadAsync(buffer, stop)) > 0)
        {
            value.Write(buffer, 0, read);
            if (value.Length > TextBytesMax)
            {
                throw Fault.TooLarge($"A text of the form is larger than {TextBytesMax / 1024} KB");
            }
        }

        return Encoding.UTF8.GetString(value.GetBuffer(), 0, (int)value.Length);
    }

    private static MediaTypeHeaderValue? TypeOf(HttpContext context) =>
        MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) ? type : null;

    private static Fault Malformed(string message) => new(400, "MALFORMED_FORM", "The form cannot be read")
    {
        Details = [new Issue("invalid_form", [], message)],
        Hint = "Send multipart/form-data, the file in its field, or the file alone as application/octet-stream.",
    };
}
