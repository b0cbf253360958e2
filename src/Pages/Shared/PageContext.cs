using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity;
using Remix.Platform.Settings;

namespace Remix.Pages.Shared;

/// <summary>What every page needs of its request: who looks, where we are; and the headers under which our pages run.</summary>
internal sealed class PageContext(HttpContext context, RemixSettings settings)
{
    public Visitor Visitor { get; } = new(Caller.Of(context).UserId, context.Request.Cookies["remix-theme"]);

    /// <summary>The server as this visitor reached it.</summary>
    public Uri BaseAddress { get; } = new(Creations.CreationAddresses.Of(settings, context.Request).Base);

    /// <summary>The same without a slash at its end, to put paths behind.</summary>
    public string Origin => BaseAddress.GetLeftPart(UriPartial.Authority);

    /// <summary>A page, with the policy that lets only our own scripts run and only creations' hosts be framed.</summary>
    public RazorComponentResult Page<TComponent>(object parameters, int status = 200) where TComponent : IComponent
    {
        var headers = context.Response.Headers;
        var creations = $"{settings.BaseUri.Scheme}://*.{settings.Authority}";
        headers.ContentSecurityPolicy = $"default-src 'self'; img-src 'self' data: {creations}; style-src 'self'; script-src 'self'; font-src 'self'; "
            + $"connect-src 'self'; frame-src 'self' {creations}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "private, no-cache";
        return new RazorComponentResult<TComponent>(parameters) { StatusCode = status };
    }

    public static ValueTask<PageContext> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(new PageContext(context, context.RequestServices.GetRequiredService<RemixSettings>()));

    /// <summary>Where to go on after a form: a path of ours, and nothing that a browser would read as another server.</summary>
    public static string LocalPath(string? next) =>
        next is ['/', ..] && !next.StartsWith("//", StringComparison.Ordinal) && !next.StartsWith("/\\", StringComparison.Ordinal)
        && !next.Any(char.IsControl) ? next : "/";
}
