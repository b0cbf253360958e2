using System.Text;
using Microsoft.AspNetCore.Http;
using Remix.Creations.Serving;
using Remix.Games.Library;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Settings;
using Remix.Rooms.Files;

namespace Remix.Games.Serving;

/// <summary>
/// Serves versions that are not launched to whoever knows their preview's key: <c>game-{key}.HOST</c>, or
/// <c>/game-preview/{key}/…</c> where there are no names below ours. Under the policy of every creation, and never cached.
/// </summary>
internal sealed class GameHost(RequestDelegate next, GameStore games, GameAssets assets, BlobStore blobs, PageDressing dressing,
    RemixSettings settings)
{
    private const string HostPrefix = "game-";
    private const string PathPrefix = "/game-preview/";
    private const string OurPaths = "/__remix/";
    private const int KeyLength = 36;

    private static readonly Dictionary<string, HostFile> Ours = SdkFiles.HostFiles.ToDictionary(file => file.Name, StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        var (host, path) = (context.Request.Host.Value ?? "", context.Request.Path.Value ?? "/");
        if (host.StartsWith(HostPrefix, StringComparison.OrdinalIgnoreCase) && host.Length > HostPrefix.Length + KeyLength
            && host[HostPrefix.Length + KeyLength] == '.' && host.EndsWith("." + settings.Authority, StringComparison.OrdinalIgnoreCase))
        {
            return Guid.TryParseExact(host.AsSpan(HostPrefix.Length, KeyLength), "D", out var key) ? Serve(context, key, path)
                : throw Fault.NotFound("Preview");
        }

        return path.StartsWith(PathPrefix, StringComparison.Ordinal) && path.Length > PathPrefix.Length + KeyLength
            && path[PathPrefix.Length + KeyLength] == '/' && Guid.TryParseExact(path.AsSpan(PathPrefix.Length, KeyLength), "D", out var named)
            ? Serve(context, named, path[(PathPrefix.Length + KeyLength)..]) : next(context);
    }

    /// <summary>Where a version's preview is, by how the server was reached.</summary>
    public static string Address(Guid key, Creations.CreationAddresses addresses)
    {
        var scheme = addresses.Base.IndexOf("://", StringComparison.Ordinal) + 3;
        return addresses.HasOwnHosts ? $"{addresses.Base[..scheme]}{HostPrefix}{key}.{addresses.Base[scheme..]}/"
            : $"{addresses.Base}{PathPrefix}{key}/";
    }

    private async Task Serve(HttpContext context, Guid key, string path)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            throw new Fault(405, "METHOD_NOT_ALLOWED", "A preview can only be read");
        }

        if (path.StartsWith(OurPaths, StringComparison.Ordinal))
        {
            var ours = Ours.GetValueOrDefault(path[OurPaths.Length..]) ?? throw Fault.NotFound("File");
            await Send(context, ours.ContentType, ours.Content);
            return;
        }

        var version = await games.FindByPreview(key) ?? throw Fault.NotFound("Preview");
        if (path is "/" or "/index.html")
        {
            var code = version.CodeSha256 is { } sha256 ? Encoding.UTF8.GetString(await blobs.Bytes(sha256, context.RequestAborted)) : "";
            var page = dressing.Dress(SdkInjection.IntoGame(code.TrimStart('\uFEFF')), []);
            await Send(context, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page));
            return;
        }

        var name = Uri.UnescapeDataString(path[1..]);
        var asset = name.StartsWith(GameAssets.Folder, StringComparison.Ordinal)
            ? await assets.Find(version.GameId, name[GameAssets.Folder.Length..]) : null;
        await Send(context, ContentTypes.Of(name), asset is null ? throw Fault.NotFound("File")
            : await blobs.Bytes(asset.Sha256, context.RequestAborted));
    }

    private async Task Send(HttpContext context, string type, byte[] content)
    {
        var (response, headers) = (context.Response, context.Response.Headers);
        headers.ContentSecurityPolicy = dressing.Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";
        headers.CacheControl = "no-store";
        (response.ContentType, response.ContentLength) = (type, content.Length);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(content, context.RequestAborted);
        }
    }
}
