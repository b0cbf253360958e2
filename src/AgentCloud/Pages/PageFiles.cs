using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Remix.AgentCloud.Pages;

/// <summary>
/// What people see who open the cloud in a browser: one page, which speaks the same API as everybody, with the token that
/// is typed into it. Its files lie in the assembly; the style is that of the platform's pages.
/// </summary>
internal static class PageFiles
{
    private const string Folder = "page/";

    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, (byte[] Bytes, string Tag)> Files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).ToDictionary(name => name[Folder.Length..], Read, StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/_page/{**file}", (string file, HttpContext context) => Send(file, context)).ExcludeFromDescription();

    /// <summary>The page itself.</summary>
    public static Task<IResult> Front(HttpContext context) => Task.FromResult(Send("index.html", context));

    private static IResult Send(string file, HttpContext context)
    {
        if (!Files.TryGetValue(file, out var found))
        {
            throw Platform.Faults.Fault.NotFound("File");
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        return TypedResults.Bytes(found.Bytes, TypeOf(file), entityTag: new EntityTagHeaderValue(new StringSegment(found.Tag)));
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "font/woff2",
    };

    private static (byte[] Bytes, string Tag) Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var all = bytes.ToArray();
        return (all, $"\"{Convert.ToHexStringLower(SHA256.HashData(all))[..32]}\"");
    }
}
