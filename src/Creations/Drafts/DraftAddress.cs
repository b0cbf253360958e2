using System.Security.Cryptography;
using System.Text;
using Remix.Platform.Http;
using Remix.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Remix.Creations.Drafts;

/// <summary>
/// Where a room's drafts are seen: <c>{owner}--rooms-{room}.HOST/draft/…</c>, or by path where hosts below ours have no
/// names. The label only keeps drafts apart from each other; which room is meant, the token says.
/// </summary>
internal static class DraftAddress
{
    public const string PathPrefix = "/draft/";
    public const string Mark = "--rooms-";

    private const int LabelLengthMax = 63;

    public static string Of(RemixSettings settings, HttpRequest request, string roomId, string path, string token)
    {
        var origin = PublicAddress.HasSubdomains(settings, request)
            ? settings.SubdomainUrl(Label(roomId)) : PublicAddress.Base(settings, request);
        return $"{origin}{PathPrefix}{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}?_t={token}";
    }

    /// <summary>
    /// The room's own label: its two names around the mark where that is a name of a host and can be read in one way only
    /// (a user's name may hold the mark, too), else a hash of them.
    /// </summary>
    public static string Label(string roomId)
    {
        var plain = roomId.Replace("/", Mark, StringComparison.Ordinal);
        var isSound = plain.Length <= LabelLengthMax && !plain.EndsWith('-') && !(plain.Length > 3 && plain[2..4] == "--")
            && plain.IndexOf(Mark, StringComparison.Ordinal) == plain.LastIndexOf(Mark, StringComparison.Ordinal)
            && !roomId.Contains("-/", StringComparison.Ordinal) && !plain.Contains('_', StringComparison.Ordinal);
        return isSound ? plain : $"h{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(roomId)))[..40]}{Mark}draft";
    }

    /// <summary>The label of a host of drafts; null for any other host.</summary>
    public static string? LabelOf(string? host, RemixSettings settings)
    {
        var end = "." + settings.Authority;
        return host is not null && host.EndsWith(end, StringComparison.OrdinalIgnoreCase)
            && host[..^end.Length] is var label && label.Contains(Mark, StringComparison.OrdinalIgnoreCase)
                && !label.Contains('.', StringComparison.Ordinal)
            ? label.ToLowerInvariant() : null;
    }
}
