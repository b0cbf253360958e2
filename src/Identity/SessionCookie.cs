using Microsoft.AspNetCore.Http;
using Remix.Platform.Settings;

namespace Remix.Identity;

/// <summary>
/// The browser's session: the user's token in a cookie that scripts cannot read. What rides on it and changes something
/// must come from our own pages.
/// </summary>
public static class SessionCookie
{
    public const string Name = "remix-token";

    public static readonly TimeSpan Age = TimeSpan.FromDays(30);

    public static void Set(HttpResponse response, string token, RemixSettings settings) => response.Cookies.Append(Name, token, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = settings.SecureCookies,
        MaxAge = Age,
        Path = "/",
    });

    public static void Clear(HttpResponse response) => response.Cookies.Delete(Name, new CookieOptions { Path = "/" });

    internal static bool MayRide(HttpRequest request, RemixSettings settings)
    {
        // A WebSocket begins as a GET, but any page may open one and read what it says: SameSite lets a creation's host through.
        var onlyReads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (onlyReads && request.Headers.Upgrade.Count == 0)
        {
            return true;
        }

        return ComesFromOurPages(request, settings);
    }

    /// <summary>Whether the browser says that one of our own pages sent this.</summary>
    public static bool ComesFromOurPages(HttpRequest request, RemixSettings settings)
    {
        var origin = request.Headers.Origin.ToString();
        return origin == $"{request.Scheme}://{request.Host}" || origin == settings.BaseUrl;
    }
}
