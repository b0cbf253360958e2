using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Platform.Text;

namespace Remix.Rooms.Reading;

/// <summary>What open rooms have made: their newest files.</summary>
internal static class ArtifactEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/artifacts", List).WithTags("discovery")
        .Limited(StoryEndpoints.Discovery).WithSummary("Files of open rooms, the newest first; kept for five minutes");

    private static async Task<ListView<ArtifactView>> List(Query<ListArtifacts> query, Artifacts artifacts, RemixSettings settings,
        HttpContext context)
    {
        var found = await artifacts.Of(query.Value, context.Request);
        context.Response.Headers.CacheControl = "public, max-age=60";
        return new ListView<ArtifactView>([.. found.Items.Select(artifact => ArtifactView.Of(artifact, settings.BaseUrl))], found.Items.Count,
            query.Value.Limit, found.HasMore);
    }
}

internal sealed record ListArtifacts(string? Tag, string? Room, bool Featured, int Limit) : IReadFields<ListArtifacts>
{
    public static ListArtifacts Read(Fields fields)
    {
        var room = fields.Text("room", 2 * Names.LengthMax + 1);
        if (room is not null && !Names.IsPair(room))
        {
            fields.Problem("room", $"'{room}' must be owner/name, for example oeway/lab", "invalid_string");
        }

        return new ListArtifacts(fields.Text("tag", Rooms.Room.TagLengthMax)?.ToLowerInvariant(), room, fields.Truth("featured") ?? false,
            fields.Limit(30, 50));
    }
}

internal sealed record ArtifactView(string RoomId, string RoomName, string[] Tags, string Path, string Name, long Size, string ContentType,
    bool Featured, string UpdatedBy, DateTime UpdatedAt, string Url)
{
    public static ArtifactView Of(Artifact artifact, string baseUrl) => new(artifact.RoomId, artifact.RoomName, artifact.Tags, artifact.Path,
        artifact.Path[(artifact.Path.LastIndexOf('/') + 1)..], artifact.Size, artifact.ContentType, artifact.Featured, artifact.UpdatedBy,
        artifact.UpdatedAt.ToTime(),
        $"{baseUrl}/rooms/{artifact.RoomId}/files/{string.Join('/', artifact.Path.Split('/').Select(Uri.EscapeDataString))}");
}
