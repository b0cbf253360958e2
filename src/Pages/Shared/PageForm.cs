using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Remix.Platform.Faults;

namespace Remix.Pages.Shared;

/// <summary>What a person filled in on a page of ours.</summary>
internal static class PageForm
{
    private const long BytesOtherwise = 64 * 1024;

    /// <exception cref="Fault">415 for what is no form, 400 for one that breaks off or is too large.</exception>
    public static async Task<IFormCollection> Read(HttpContext context, string programsCall, long bytesMax = BytesOtherwise)
    {
        if (!context.Request.HasFormContentType)
        {
            throw new Fault(415, "FORM_NEEDED", "This address takes a form") { Hint = $"Programs call {programsCall}." };
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = bytesMax;
        }

        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException)
        {
            throw Fault.BadRequest("MALFORMED_FORM", "The form cannot be read, or is too large", "Open the page again, and send it from there.");
        }
    }
}
