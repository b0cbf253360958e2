using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Remix.Creations.Scan;
using Remix.Creations.Serving;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Rooms.Files;

namespace Remix.Creations.Drafts;

/// <summary>Files of a working tree as they will be served once published: pages with what modules add to them, at their own root.</summary>
internal sealed class DraftFiles(RoomFiles files, BlobStore blobs, ContentPolicy policy, PageDressing dressing, IEnumerable<HostFile> ours)
{
    private const long PageBytesMax = RoomFiles.DirectBytesMax;

    /// <summary>Together; whoever keeps more beside a page sees it without what is added for its scripts' sake.</summary>
    private const long ScriptBytesMax = 4 * 1024 * 1024;

    private const string OurFolder = "__remix/";
    private static readonly string[] NeverServed = ["worker.js", "cron.json"];

    private readonly Dictionary<string, HostFile> ours = ours.ToDictionary(file => file.Name, StringComparer.Ordinal);

    /// <param name="path">Of the file; of a page's folder.</param>
    /// <param name="root">The address of the working tree.</param>
    public async Task<IResult> Send(HttpContext context, Preview preview, string roomId, string path, string root)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy.Page;
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers["X-Robots-Tag"] = "noindex";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";
        headers.CacheControl = "no-store";
        if (Ours(path) is { } own)
        {
            return TypedResults.Bytes(own.Content, own.ContentType);
        }

        var file = await Find(roomId, path);
        var type = Publisher.Served(file.Path);
        var isStyle = type.StartsWith("text/css", StringComparison.Ordinal);
        if (!(isStyle || type.StartsWith("text/html", StringComparison.Ordinal)) || file.Size > PageBytesMax)
        {
            return TypedResults.PhysicalFile(blobs.PathOf(file.Sha256), type,
                entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
        }

        var folder = preview == Preview.App ? "" : await Root(roomId, file.Path);
        var (text, address) = (await Text(file), root + DraftEndpoints.Escaped(folder));
        return TypedResults.Text(isStyle ? DraftRoots.InStyle(text, address)
            : DraftRoots.InPage(dressing.WithAdditions(text, await Scripts(roomId, folder)), address), type);
    }

    /// <summary>What pages load from beside themselves and is ours.</summary>
    private HostFile? Ours(string path) => path.LastIndexOf(OurFolder, StringComparison.Ordinal) is var at and >= 0
        && (at == 0 || path[at - 1] == '/') ? ours.GetValueOrDefault(path[(at + OurFolder.Length)..]) : null;

    private async Task<RoomFile> Find(string roomId, string path)
    {
        var wanted = path.Length == 0 || path.EndsWith('/') ? path + ScanSubject.EntryPoint : path;
        return FilePath.Problem(wanted) is null && !NeverServed.Contains(wanted.Split('/')[^1], StringComparer.Ordinal)
            && await files.Find(roomId, wanted) is { } file ? file : throw Fault.NotFound("File", $"There is no {wanted} in the working tree.");
    }

    /// <summary>The folder that would be published with this file: the nearest with a page, and a slash behind.</summary>
    private async Task<string> Root(string roomId, string path)
    {
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (await files.Find(roomId, $"{path[..end]}/{ScanSubject.EntryPoint}") is not null)
            {
                return path[..(end + 1)];
            }
        }

        return "";
    }

    private async Task<List<string>> Scripts(string roomId, string folder)
    {
        var scripts = (await files.List(roomId, folder.TrimEnd('/'))).Where(file => PageDressing.IsScript(file.Path[folder.Length..])).ToList();
        var texts = new List<string>();
        foreach (var file in scripts.Sum(file => file.Size) <= ScriptBytesMax ? scripts : [])
        {
            texts.Add(await Text(file));
        }

        return texts;
    }

    private async Task<string> Text(RoomFile file) =>
        Encoding.UTF8.GetString(await blobs.Bytes(file.Sha256, CancellationToken.None)).TrimStart('\uFEFF');
}
