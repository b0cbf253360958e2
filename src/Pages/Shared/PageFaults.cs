using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Settings;

namespace Remix.Pages.Shared;

/// <summary>
/// Where a browser asked for a page and there is none, or ours broke, it gets a page that says so. Who does not ask for
/// HTML, and every route that is no page, keeps the answer for programs.
/// </summary>
internal sealed class PageFaults(RequestDelegate next, RemixSettings settings, ILogger<PageFaults> log)
{
    public const string Tag = "pages";

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var isPage = endpoint is not null && IsPage(endpoint);
        if (!WantsPage(context.Request) || (endpoint is not null && !isPage))
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Fault fault) when (isPage && !context.Response.HasStarted)
        {
            await Refuse(context, fault);
            return;
        }
        catch (Exception e) when (isPage && !context.Response.HasStarted && e is not OperationCanceledException)
        {
            log.LogError(e, "Page {RequestId} {Method} {Path} failed", context.RequestId(), context.Request.Method, context.Request.Path);
            var page = new PageContext(context, settings);
            var about = new { page.Visitor, Address = Again(context.Request), RequestId = context.RequestId() };
            await page.Page<ErrorPage>(about, 500).ExecuteAsync(context);
            return;
        }

        if (endpoint is null && context.Response is { HasStarted: false, StatusCode: 404, ContentType: null })
        {
            var page = new PageContext(context, settings);
            await page.Page<NotFoundPage>(new { page.Visitor }, 404).ExecuteAsync(context);
        }
    }

    internal static bool IsPage(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags.Contains(Tag, StringComparer.Ordinal) is true;

    private Task Refuse(HttpContext context, Fault fault)
    {
        if (fault.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var page = new PageContext(context, settings);
        var parameters = new { page.Visitor, Title = $"{fault.Message}.", Lede = fault.Hint, Address = Again(context.Request) };
        return page.Page<RefusalPage>(parameters, fault.Status).ExecuteAsync(context);
    }

    /// <summary>Where the same can be tried again: a form's page stands at the form's address, or at the one above it.</summary>
    private static string Again(HttpRequest request) => HttpMethods.IsPost(request.Method) ? "/login" : request.Path + request.QueryString;

    /// <summary>Browsers name text/html when they navigate; programs, our own scripts too, do not.</summary>
    private static bool WantsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsPost(request.Method))
        && MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);
}
