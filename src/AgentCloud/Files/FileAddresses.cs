using System.Globalization;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Faults;
using Remix.Platform.Settings;
using Remix.Platform.Signing;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Files;

/// <summary>
/// The addresses at which files are served: of public ones their own, of others one that is signed for a while. The
/// signature is for the workspace's id, so that the next workspace of the name does not honour it.
/// </summary>
internal sealed class FileAddresses(Signer signer, RemixSettings settings, TimeProvider clock)
{
    public const int SecondsMax = 7 * 24 * 3600;
    public const int SecondsDefault = 3600;

    private const string Purpose = "cloud-file";

    public async ValueTask<string> Of(FilePlace place, AppFile file, int seconds, HttpRequest? request = null)
    {
        if (file.Url is { } url)
        {
            return url;
        }

        var escaped = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        var address = $"{Base(request)}/v1/ws/{place.Workspace}/app/{place.App}/files{escaped}";
        if (AppFilePath.IsPublic(file.Path))
        {
            return address;
        }

        var expires = clock.NowMs() / 1000 + seconds;
        return $"{address}?expires={expires}&signature={await signer.Sign(Purpose, Text(place, file.Path, expires))}";
    }

    /// <summary>403 unless the address was signed for this file and holds still.</summary>
    public async ValueTask Require(FilePlace place, string path, string? expires, string? signature)
    {
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            || !await signer.IsSigned(Purpose, Text(place, path, end), signature))
        {
            throw Refusal("SIGNATURE_INVALID", "This address was not signed for this", "Use it whole and as it was given.");
        }

        if (clock.NowMs() / 1000 >= end)
        {
            throw Refusal("ADDRESS_EXPIRED", "This address has expired", "Ask for a new one: GET …/file-manager/props?path=….");
        }
    }

    /// <summary>The cloud as its reader can reach it: who came by a bare address goes on by it.</summary>
    private string Base(HttpRequest? request) => request is not null && System.Net.IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out _)
        ? $"{request.Scheme}://{request.Host}" : settings.Cloud.Url;

    private static Fault Refusal(string code, string message, string hint) => new(403, code, message) { Hint = hint };

    /// <summary>A NUL, which no part can hold, keeps the parts apart.</summary>
    private static string Text(FilePlace place, string path, long expires) => string.Join('\0', place.WorkspaceId, place.App, path, expires);
}

/// <summary>Whose files are meant.</summary>
internal sealed record FilePlace(string WorkspaceId, string Workspace, string App);
