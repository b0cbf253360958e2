using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Faults;

namespace Remix.Rooms.Files;

/// <summary>What a writer says of the file as it last saw it: <c>If-Match</c> and <c>If-None-Match</c>. Two writers then
/// never undo each other unseen.</summary>
public sealed class FileCondition
{
    public static readonly FileCondition None = new([], []);

    private readonly IReadOnlyList<string> match;
    private readonly IReadOnlyList<string> noneMatch;

    private FileCondition(IReadOnlyList<string> match, IReadOnlyList<string> noneMatch)
    {
        (this.match, this.noneMatch) = (match, noneMatch);
    }

    internal static FileCondition Of(HttpRequest request) => new(
        Tags(request, HeaderNames.IfMatch), Tags(request, HeaderNames.IfNoneMatch));

    /// <summary>412 unless the file is as the writer believes; null stands for no file.</summary>
    internal void Require(string path, string? sha256)
    {
        if ((match.Count > 0 && !Fits(match, sha256)) || (noneMatch.Count > 0 && Fits(noneMatch, sha256)))
        {
            throw new Fault(412, "PRECONDITION_FAILED", sha256 is null ? $"There is no {path} now" : $"{path} is not as you last saw it")
            {
                Hint = sha256 is null ? "It was deleted, or never there. Leave If-Match out to create it."
                    : "Somebody wrote it meanwhile: read it again, bring both changes together, and send its new ETag in If-Match.",
                Extra = new Dictionary<string, object?>(StringComparer.Ordinal) { ["etag"] = sha256 is null ? null : $"\"{sha256}\"" },
            };
        }
    }

    private static bool Fits(IReadOnlyList<string> tags, string? sha256) =>
        sha256 is not null && tags.Any(tag => tag == "*" || tag == $"\"{sha256}\"");

    /// <summary>The tags as they are written; one that is no tag at all fits nothing.</summary>
    private static string[] Tags(HttpRequest request, string header) => [.. request.Headers[header]
        .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(tag => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag)];
}
