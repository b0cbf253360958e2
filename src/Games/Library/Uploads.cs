using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Remix.Platform.Faults;
using Remix.Platform.Http;

namespace Remix.Games.Library;

/// <summary>A file that came in a form, read whole within its limit.</summary>
internal sealed record Upload(string FileName, byte[] Content, string? Name)
{
    /// <summary>For the routes that take one.</summary>
    public static readonly BinaryBodyMetadata Description = new("file");

    private const int FormOverheadBytes = 64 * 1024;

    /// <summary>Reads the field <c>file</c> and, where there is one, the text <c>assetName</c>.</summary>
    public static async Task<Upload> Read(HttpContext context, int bytesMax)
    {
        if (!context.Request.HasFormContentType)
        {
            throw Fault.Invalid("file", "Send multipart/form-data with the file in the field \"file\"");
        }

        // We count by ourselves. The server's own limit would close the connection before its sender reads why.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > bytesMax + FormOverheadBytes)
        {
            throw TooLarge(bytesMax);
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = bytesMax + FormOverheadBytes },
                context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException
            && !context.RequestAborted.IsCancellationRequested)
        {
            throw e is BadHttpRequestException { StatusCode: 413 } || e.Message.Contains("limit", StringComparison.OrdinalIgnoreCase)
                ? TooLarge(bytesMax) : Fault.Invalid("file", "The form is not whole: send multipart/form-data with the file in the field \"file\"");
        }

        var file = form.Files.GetFile("file") ?? throw Fault.Invalid("file", "Required: the file, in the multipart field \"file\"");
        if (file.Length > bytesMax)
        {
            throw TooLarge(bytesMax);
        }

        using var content = new MemoryStream();
        await file.CopyToAsync(content, context.RequestAborted);
        return content.Length > 0 ? new Upload(file.FileName, content.ToArray(), form["assetName"].ToString() is { Length: > 0 } name ? name : null)
            : throw Fault.Invalid("file", "The file has no bytes");
    }

    /// <summary>The media type of the content, which must be one of these kinds and be what its name says.</summary>
    public string RequireType(IReadOnlyList<string> extensions)
    {
        var extension = AssetTypes.Extension(FileName);
        if (!extensions.Contains(extension, StringComparer.Ordinal))
        {
            throw Fault.Invalid("file",
                $"Expected a file that ends in {string.Join(", ", extensions.Select(known => "." + known))}, received '{FileName}'");
        }

        return AssetTypes.Of(extension, Content) ?? throw Fault.Invalid("file", $"'{FileName}' is not a whole .{extension} file inside");
    }

    private static Fault TooLarge(int bytesMax) => Fault.TooLarge($"The file is larger than {bytesMax / (1024 * 1024)} MB",
        "Make it smaller; nothing was stored.");
}
