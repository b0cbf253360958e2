using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Platform.Text;

namespace Remix.Creations;

/// <summary>Reading creations, their versions and their covers, and counting who looks.</summary>
internal static class CreationEndpoints
{
    private const int BatchMax = 50;

    private static readonly RateLimit Views = RateLimit.PerMinute("views", RateLimitPer.Address, 300);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var creations = routes.MapGroup("/creations").WithTags("creations");
        creations.MapGet("/batch", Batch).WithSummary("Up to 50 creations by id");
        creations.MapGet("/{id}", Read).WithSummary("One creation");
        creations.MapGet("/{id}/versions", Versions).WithSummary("Every version of its folder, newest first");
        creations.MapPost("/{id}/view", View).Limited(Views).WithSummary("Count a view");
    }

    private static CreationView Read(CreationScope scope, RemixSettings settings, HttpRequest request) =>
        CreationView.Of(scope.Creation, CreationAddresses.Of(settings, request));

    private static async Task<List<CreationView>> Batch(Query<BatchOfCreations> query, PublishedCreations creations,
        RemixSettings settings, HttpRequest request)
    {
        var addresses = CreationAddresses.Of(settings, request);
        var found = new List<CreationView>();
        foreach (var id in query.Value.Ids)
        {
            if (await creations.Find(id) is { } creation)
            {
                found.Add(CreationView.Of(creation, addresses));
            }
        }

        return found;
    }

    private static async Task<ListView<VersionView>> Versions(CreationScope scope, Query<ListVersions> query,
        CreationStore creations, RemixSettings settings, HttpRequest request)
    {
        _ = scope.Room;
        var count = await creations.CountVersions(scope.Creation);
        var versions = await creations.Versions(scope.Creation, query.Value.Limit);
        var addresses = CreationAddresses.Of(settings, request);
        return new ListView<VersionView>([.. versions.Select(version => VersionView.Of(version, count, addresses))],
            count, query.Value.Limit, count > versions.Count);
    }

    private static async Task<ViewedView> View(string id, PublishedCreations creations) => Guid.TryParse(id, out var guid)
        ? new ViewedView(await creations.CountView(guid))
        : throw Fault.NotFound("Creation");

    internal sealed record BatchOfCreations(IReadOnlyList<Guid> Ids) : IReadFields<BatchOfCreations>
    {
        public static BatchOfCreations Read(Fields fields)
        {
            var texts = fields.Required("ids") ? fields.Texts("ids", BatchMax, 64) ?? [] : [];
            var ids = texts.Select(text => Guid.TryParse(text, out var id) ? id : (Guid?)null).ToList();
            if (ids.Contains(null))
            {
                fields.Problem("ids", "Expected UUIDs separated by commas", "invalid_string");
            }

            return new BatchOfCreations([.. ids.OfType<Guid>().Distinct()]);
        }
    }

    internal sealed record ListVersions(int Limit) : IReadFields<ListVersions>
    {
        public static ListVersions Read(Fields fields) => new(fields.Limit(50, 200));
    }
}

internal sealed record ViewedView(long ViewCount);

internal sealed record VersionView(
    Guid Id, long Version, int RevisionCount, Guid? ParentId, bool Live, bool Archived, DateTime? ArchivedAt,
        string Topic, string ContentUrl, string CoverUrl,
    long QualityScore, long ViewCount, long LikeCount, DateTime? PublishedAt)
{
    public static VersionView Of(Creation creation, int count, CreationAddresses addresses) => new(
        creation.Id, creation.Version, count, creation.ParentId, creation.Live && creation.ArchivedAt is null, creation.ArchivedAt is not null,
        creation.ArchivedAt.ToTime(), creation.Topic, addresses.Content(creation.Id), addresses.Cover(creation.Id),
            creation.QualityScore, creation.ViewCount,
        creation.LikeCount, creation.PublishedAt.ToTime());
}
