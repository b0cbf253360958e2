using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Creations.Scan;
using Remix.Games.Agents;
using Remix.Games.Library;
using Remix.Games.Play;
using Remix.Games.Validation;
using Remix.Identity;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Platform.Text;

namespace Remix.Games.Review;

/// <summary>What a person does on a game's studio page, and an admin in the review queue.</summary>
internal static class StudioEndpoints
{
    private const int CoverBytesMax = 1024 * 1024;

    private static readonly RateLimit Changes = RateLimit.PerMinute("studio", RateLimitPer.User, 120);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var studio = routes.MapGroup("/games").WithTags("games").Needs(TokenKind.User).Limited(Changes);
        studio.MapPost("", Create).Produces<StudioGameView>(201).WithSummary("Create a game with its first version");
        studio.MapGet("/mine", Mine).WithSummary("Your games");
        studio.MapGet("/review-queue", Queue).WithSummary("What waits for an admin: in review, or approved and not launched");
        studio.MapPatch("/{gameId}", Describe).WithSummary("Change name and categories");
        studio.MapDelete("/{gameId}", Delete).WithSummary("Delete a game that was never launched");
        studio.MapPost("/{gameId}/icon", Icon).WithMetadata(Upload.Description)
            .WithSummary("Upload the icon: png, jpg or webp");
        studio.MapPost("/{gameId}/cover", Cover).WithMetadata(Upload.Description)
            .WithSummary("Upload the poster: svg, png, webp or gif, 375×900");
        studio.MapGet("/{gameId}/errors", Errors).WithSummary("What broke while people played");
        studio.MapPut("/{gameId}/items", Items).WithSummary("What the game sells, with prices in credits");
        studio.MapPost("/{gameId}/versions", NewVersion).Produces<StudioVersionView>(201)
            .WithSummary("A new version with the code of the newest one");
        var version = studio.MapGroup("/{gameId}/versions/{versionId}");
        version.MapDelete("", DeleteVersion).WithSummary("Delete a version that never went live");
        version.MapGet("", Read).WithSummary("One version, and when something of its game was last changed");
        version.MapPost("/mend", Mend).WithSummary("Apply the patches of what blocks the version to its code");
        version.MapGet("/validate", Validate).WithSummary("What keeps the version from being submitted");
        version.MapPost("/evidence", Evidence).WithSummary("Note what the game did in its preview");
        version.MapPost("/submit", Submit).WithSummary("Hand a version in for review");
        version.MapPost("/approve", Approve).WithSummary("Approve a version; for platform admins");
        version.MapPost("/send-back", SendBack).WithSummary("Send a version back with feedback; for platform admins");
        version.MapPost("/launch", Launch).WithSummary("Launch an approved version; for platform admins");
        routes.MapGet("/games/{gameId}/icon", ShowIcon).WithTags("games").WithSummary("A game's icon").Produces<byte[]>(200, "image/png");
    }

    private static async Task<IResult> Create(Caller caller, Body<CreateGame> body, GameStore games, TimeProvider clock)
    {
        var (game, version) = await games.Create(caller.RequireUserId(), body.Value.Name ?? Game.DefaultName(clock.GetUtcNow()),
            !caller.IsPlatformAdmin);
        return TypedResults.Json(StudioGameView.Of(game, [version]), RemixJson.Options, statusCode: 201);
    }

    private static async Task<ListView<StudioGameView>> Mine(Caller caller, GameStore games)
    {
        var views = new List<StudioGameView>();
        foreach (var game in await games.OfOwner(caller.RequireUserId()))
        {
            views.Add(StudioGameView.Of(game, await games.Versions(game.Id)));
        }

        return new ListView<StudioGameView>(views, views.Count, views.Count, false);
    }

    private static async Task<ListView<StudioGameView>> Queue(Caller caller, Reviews reviews)
    {
        if (!caller.IsPlatformAdmin)
        {
            throw Fault.Forbidden("Only a platform admin may do this");
        }

        var queue = await reviews.Queue();
        return new ListView<StudioGameView>([.. queue.Select(entry => StudioGameView.Of(entry.Game, [entry.Version]))], queue.Count, queue.Count,
            false);
    }

    private static async Task<StudioGameView> Describe(StudioScope scope, Body<DescribeGame> body, GameStore games)
    {
        await games.Update(scope.Game.Id, body.Value.Name, body.Value.Categories);
        return await View(scope, games);
    }

    private static async Task<OkView> Delete(StudioScope scope, GameStore games)
    {
        await games.Delete(scope.Game.Id);
        return new OkView(true);
    }

    private static async Task<StudioGameView> Icon(StudioScope scope, HttpContext context, GameStore games, BlobStore blobs)
    {
        var upload = await Upload.Read(context, AssetTypes.BytesMax);
        var type = upload.RequireType(AssetTypes.Pictures);
        await games.SetIcon(scope.Game.Id, (await blobs.Put(upload.Content, context.RequestAborted)).Sha256, type);
        return await View(scope, games);
    }

    private static async Task<StudioGameView> Cover(StudioScope scope, HttpContext context, GameStore games, BlobStore blobs)
    {
        var upload = await Upload.Read(context, CoverBytesMax);
        var name = $"cover.{AssetTypes.Extension(upload.FileName)}";
        if (PageScan.CoverProblem(name, upload.Content) is { } problem)
        {
            throw Fault.Invalid("file", problem);
        }

        await games.SetCover(scope.Game.Id, (await blobs.Put(upload.Content, context.RequestAborted)).Sha256, name);
        return await View(scope, games);
    }

    private static async Task<ListView<GameErrorView>> Errors(StudioScope scope, GameErrors errors)
    {
        var all = await errors.Of(scope.Game.Id);
        return new ListView<GameErrorView>(all, all.Count, GameErrors.KeptMax, false);
    }

    private static async Task<ListView<ItemView>> Items(StudioScope scope, Body<SellItems> body, GameItems items)
    {
        await items.Set(scope.Game.Id, body.Value.Items);
        return new ListView<ItemView>(body.Value.Items, body.Value.Items.Count, GameItems.ItemsMax, false);
    }

    private static async Task<IResult> NewVersion(StudioScope scope, GameStore games)
    {
        var version = await games.CreateVersion(scope.Game.Id);
        return TypedResults.Json(StudioVersionView.Of(version), RemixJson.Options, statusCode: 201);
    }

    private static async Task<OkView> DeleteVersion(StudioScope scope, GameStore games)
    {
        await games.DeleteVersion(scope.Game.Id, scope.Version.Id);
        return new OkView(true);
    }

    private static StudioVersionState Read(StudioScope scope) =>
        new(StudioVersionView.Of(scope.Version), scope.Version.CodeSha256, scope.Game.UpdatedAt.ToTime());

    private static async Task<ValidationView> Mend(StudioScope scope, Body<MendCode> body, GameCode code, GameStore games, HttpContext context)
    {
        var (game, version, cancel) = (scope.Game, scope.Version, context.RequestAborted);
        var edits = (await code.Judge(game, version, cancel)).Blockers.Where(blocker => blocker.Patch is not null
            && body.Value.Takes(blocker.Code)).SelectMany(blocker => blocker.Patch!.Edits).ToList();
        if (edits.Count == 0)
        {
            throw Fault.Conflict("NOTHING_TO_MEND", "No patch is there for that", "The check-list says which blockers have one.");
        }

        await code.Write(game, version, CodePatch.Apply(await code.Read(version, cancel) ?? "", edits), scope.Caller.Name, cancel);
        version = await games.FindVersion(game.Id, version.Id) ?? throw GameFaults.VersionNotFound();
        return ValidationView.Of(version, await code.Judge(game, version, cancel));
    }

    private static async Task<ValidationView> Validate(StudioScope scope, GameCode code, HttpContext context) =>
        ValidationView.Of(scope.Version, await code.Judge(scope.Game, scope.Version, context.RequestAborted));

    private static async Task<OkView> Evidence(StudioScope scope, Body<NoteEvidence> body, GameStore games, TimeProvider clock)
    {
        await games.SetEvidence(scope.Version.Id, RemixJson.Text(body.Value with { At = clock.GetUtcNow().UtcDateTime }));
        return new OkView(true);
    }

    private static async Task<StudioGameView> Submit(StudioScope scope, Reviews reviews, GameStore games, HttpContext context)
    {
        await reviews.Submit(scope.Game, scope.Version, context.RequestAborted);
        return await View(scope, games);
    }

    private static async Task<StudioGameView> Approve(StudioScope scope, Reviews reviews, GameStore games)
    {
        scope.RequireAdmin();
        await reviews.Approve(scope.Game, scope.Version);
        return await View(scope, games);
    }

    private static async Task<StudioGameView> SendBack(StudioScope scope, Body<GiveFeedback> body, Reviews reviews, GameStore games)
    {
        scope.RequireAdmin();
        await reviews.SendBack(scope.Game, scope.Version, body.Value.Feedback);
        return await View(scope, games);
    }

    private static async Task<StudioGameView> Launch(StudioScope scope, Reviews reviews, GameStore games, HttpContext context)
    {
        scope.RequireAdmin();
        await reviews.Launch(scope.Game, scope.Version, context.RequestAborted);
        return await View(scope, games);
    }

    private static async Task<IResult> ShowIcon(string gameId, GameStore games, BlobStore blobs, HttpContext context)
    {
        if (!Guid.TryParse(gameId, out var id) || await games.Find(id) is not { IconSha256: { } sha256 } game)
        {
            throw Fault.NotFound("Icon");
        }

        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.PhysicalFile(blobs.PathOf(sha256), game.IconType,
            entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{sha256}\""));
    }

    private static async Task<StudioGameView> View(StudioScope scope, GameStore games) =>
        StudioGameView.Of(await games.Find(scope.Game.Id) ?? throw Fault.NotFound("Game"), await games.Versions(scope.Game.Id));
}
