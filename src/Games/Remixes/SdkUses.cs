using System.Collections.Concurrent;
using System.Text;
using Remix.Creations;
using Remix.Creations.Serving;
using Remix.Games.Library;
using Remix.Games.Serving;
using Remix.Games.Validation;
using Remix.Platform.Blobs;

namespace Remix.Games.Remixes;

/// <summary>How published pages and versions use the SDK. Neither ever changes, so what was found out is kept, within bounds.</summary>
internal sealed class SdkUses(PublishedCreations creations, BlobStore blobs)
{
    private const int KnownMax = 10_000;
    private const long ReadMax = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, SdkUse> known = new(StringComparer.Ordinal);

    public async ValueTask<SdkUse> Of(GameVersion version, CancellationToken cancel) => version.CodeSha256 is not { } sha256 ? SdkUse.None
        : known.TryGetValue(sha256, out var use) ? use
        : Keep(sha256, SdkUse.Of(SdkHooks.Of(await Text(sha256, cancel))));

    /// <summary>Of a published creation.</summary>
    public async ValueTask<SdkUse> Of(Guid creationId, CancellationToken cancel)
    {
        var key = creationId.ToString();
        return known.TryGetValue(key, out var use) ? use : Keep(key, await Read(creationId, cancel));
    }

    private async Task<SdkUse> Read(Guid creationId, CancellationToken cancel)
    {
        var files = await creations.Files(creationId);
        if (files.FirstOrDefault(file => file.Path == PageDressing.EntryPoint) is not { Size: <= ReadMax } entry)
        {
            return SdkUse.None;
        }

        var page = await Text(entry.Sha256, cancel);
        if (!SdkInjection.IsIn(page))
        {
            return SdkUse.None;
        }

        var scripts = new List<(string Path, string Code)>();
        var left = ReadMax - entry.Size;
        foreach (var file in files.Where(file => PageDressing.IsScript(file.Path)))
        {
            left -= file.Size;
            if (left < 0)
            {
                break;
            }

            scripts.Add((file.Path, await Text(file.Sha256, cancel)));
        }

        return SdkUse.Of(page, Named(page, scripts));
    }

    /// <summary>The scripts that run: what lies there is run when the page names it, or a script that runs does.</summary>
    private static List<string> Named(string page, List<(string Path, string Code)> scripts)
    {
        var named = new List<string>();
        for (var fresh = new List<string> { page }; fresh.Count > 0; named.AddRange(fresh))
        {
            var before = fresh;
            var found = scripts.FindAll(script =>
                before.Exists(code => code.Contains(Path.GetFileName(script.Path), StringComparison.Ordinal)));
            scripts = scripts.FindAll(script => !found.Contains(script));
            fresh = found.ConvertAll(script => script.Code);
        }

        return named;
    }

    private SdkUse Keep(string key, SdkUse use)
    {
        if (known.Count >= KnownMax)
        {
            known.Clear();
        }

        return known[key] = use;
    }

    private async Task<string> Text(string sha256, CancellationToken cancel) => Encoding.UTF8.GetString(await blobs.Bytes(sha256, cancel));
}
