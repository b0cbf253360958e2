using Microsoft.AspNetCore.Http;
using Remix.Platform.Settings;

namespace Remix.Creations.Serving;

/// <summary>
/// What a creation's page may do, said to the browser: the second layer behind the scan, and the one that holds when
/// code hides. Without allow-same-origin the page has no origin at all: no cookies of ours, no storage of others.
/// </summary>
internal sealed class ContentPolicy(RemixSettings settings)
{
    private const string Libraries = "https://cdn.jsdelivr.net https://cdnjs.cloudflare.com https://unpkg.com";

    /// <summary>For pages and everything in them.</summary>
    public string Page { get; } = string.Join("; ",
        "default-src 'none'",
        $"script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob: {Libraries}",
        $"style-src 'self' 'unsafe-inline' {Libraries}",
        $"img-src 'self' data: blob: {Libraries}",
        $"font-src 'self' data: {Libraries}",
        "media-src 'self' data: blob:",
        $"connect-src 'self' data: blob: {SocketSource(settings)} {Libraries}",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self' http: https:",
        "sandbox allow-scripts allow-pointer-lock allow-forms allow-downloads allow-popups "
            + "allow-popups-to-escape-sandbox allow-presentation");

    /// <summary>For covers, which are pictures and nothing else.</summary>
    public const string Picture = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

    /// <summary>Says of a creation's file how long it is good, and what a browser may do with it.</summary>
    public void Describe(IHeaderDictionary headers, SiteFile file)
    {
        if (file.IsActive)
        {
            headers.ContentSecurityPolicy = Page;
            headers["Referrer-Policy"] = "no-referrer";
        }

        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";

        // The page itself is looked at again, so that a better bridge or policy reaches it; what it loads never changes.
        headers.CacheControl = file.IsPage ? "public, max-age=60" : "public, max-age=31536000, immutable";
        if (file.Varies)
        {
            headers.Vary = "Accept-Encoding";
        }
    }

    /// <summary>A page's own socket: 'self' does not cover another scheme in every browser.</summary>
    private static string SocketSource(RemixSettings settings) =>
        $"{(settings.SecureCookies ? "wss" : "ws")}://*.{settings.Authority}";
}
