using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Games.Library;
using Remix.Identity;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;

namespace Remix.Games.Agents;

/// <summary>Publishing games by API key: create, write code, validate, ask for the status, and what clients read besides.</summary>
internal static class AgentGameEndpoints
{
    /// <summary>A million characters, each as a six-byte escape, and the field around them.</summary>
    private const long CodeBodyBytesMax = 6_001_024;

    private static readonly RateLimit Calls = RateLimit.PerMinute("games API", RateLimitPer.Key, 120);

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/api/v1/agents", "/v1/agents" })
        {
            var api = routes.MapGroup(prefix).WithTags("games").Needs(TokenKind.ApiKey).Limited(Calls)
                .WithMetadata(new FaultDialectMetadata(FaultDialect.Games));
            Map(api.MapGroup("/games"));
            api.MapGet("/metadata/categories", Categories).WithSummary("The categories that games may be in").Produces<Envelope<CategoriesView>>();
        }
    }

    private static void Map(RouteGroupBuilder games)
    {
        games.MapPost("", Create).WithSummary("Create a game with its first version").Produces<Envelope<CreatedGameView>>(201);
        games.MapGet("", List).WithSummary("The games of this key's person").Produces<Envelope<GamesView>>();
        games.MapGet("/{gameId}", Read).WithSummary("One game with its versions").Produces<Envelope<OneGameView>>();
        games.MapPost("/{gameId}", Describe).WithSummary("Change name and categories").Produces<Envelope<OneGameView>>();
        games.MapPost("/{gameId}/icon", Icon).WithMetadata(Upload.Description)
            .WithSummary("Upload the icon: png, jpg or webp").Produces<Envelope<IconView>>();
        games.MapGet("/{gameId}/assets", Assets).WithSummary("What the game loads from assets/").Produces<Envelope<AssetsView>>();
        games.MapPost("/{gameId}/assets", AddAsset).WithMetadata(Upload.Description)
            .WithSummary("Upload an asset, up to 5 MB").Produces<Envelope<OneAssetView>>(201);
        games.MapGet("/{gameId}/launch-readiness", Readiness).WithSummary("Whether a version can be submitted").Produces<Envelope<ReadinessView>>();
        games.MapGet("/{gameId}/versions", Versions).WithSummary("The game's versions, newest first").Produces<Envelope<VersionsView>>();
        var version = games.MapGroup("/{gameId}/versions/{versionId}");
        version.MapGet("", Version).WithSummary("One version").Produces<Envelope<OneVersionView>>();
        version.MapGet("/code", ReadCode).WithSummary("A version's code").Produces<Envelope<CodeView>>();
        version.MapPut("/code", WriteCode).WithBodyLimit(CodeBodyBytesMax)
            .WithSummary("Update the code of a version").Produces<Envelope<CodeUpdatedView>>();
        version.MapPost("/code", WriteCode).WithBodyLimit(CodeBodyBytesMax).WithSummary("The same").Produces<Envelope<CodeUpdatedView>>();
        version.MapGet("/validate", Validate).WithSummary("What keeps the version from being submitted, with patches")
            .Produces<Envelope<ValidationView>>();
        version.MapGet("/status", Status).WithSummary("Where the version is on its way to the players").Produces<Envelope<StatusView>>();
    }

    private static async Task<IResult> Create(Caller caller, Body<CreateGame> body, GameStore games, TimeProvider clock)
    {
        var name = body.Value.Name ?? Game.DefaultName(clock.GetUtcNow());
        var (game, version) = await games.Create(caller.RequireUserId(), name, isCapped: !caller.IsPlatformAdmin);
        return Answer(CreatedGameView.Of(game, version), StatusCodes.Status201Created);
    }

    private static async Task<IResult> List(Caller caller, GameStore games, RemixSettings settings)
    {
        var views = new List<GameView>();
        foreach (var game in await games.OfOwner(caller.RequireUserId()))
        {
            views.Add(GameView.Of(game, await games.Versions(game.Id), settings.BaseUrl));
        }

        return Answer(new GamesView(views));
    }

    private static async Task<IResult> Read(GameScope scope, GameStore games, RemixSettings settings) =>
        Answer(new OneGameView(GameView.Of(scope.Game, await games.Versions(scope.Game.Id), settings.BaseUrl)));

    private static async Task<IResult> Describe(GameScope scope, Body<DescribeGame> body, GameStore games, RemixSettings settings)
    {
        await games.Update(scope.Game.Id, body.Value.Name, body.Value.Categories);
        var changed = await games.Find(scope.Game.Id) ?? throw GameFaults.GameNotFound();
        return Answer(new OneGameView(GameView.Of(changed, await games.Versions(changed.Id), settings.BaseUrl)));
    }

    private static async Task<IResult> Icon(GameScope scope, HttpContext context, GameStore games, BlobStore blobs, RemixSettings settings)
    {
        var upload = await Upload.Read(context, AssetTypes.BytesMax);
        var type = upload.RequireType(AssetTypes.Pictures);
        var blob = await blobs.Put(upload.Content, context.RequestAborted);
        await games.SetIcon(scope.Game.Id, blob.Sha256, type);
        return Answer(new IconView(scope.Game.Id, $"{settings.BaseUrl}/games/{scope.Game.Id}/icon"));
    }

    private static async Task<IResult> Assets(GameScope scope, GameAssets assets) =>
        Answer(new AssetsView([.. (await assets.Of(scope.Game.Id)).Select(AssetView.Of)]));

    private static async Task<IResult> AddAsset(GameScope scope, HttpContext context, GameAssets assets)
    {
        var upload = await Upload.Read(context, AssetTypes.BytesMax);
        var type = upload.RequireType(AssetTypes.All);
        var extension = AssetTypes.Extension(upload.FileName);
        var wished = upload.Name ?? upload.FileName;
        var name = AssetTypes.CleanName(AssetTypes.Extension(wished) == extension ? wished : $"{wished}.{extension}")
            ?? throw Fault.Invalid("assetName", "Expected a name of letters, digits, dots and dashes, at most 100 characters");
        return Answer(new OneAssetView(AssetView.Of(await assets.Put(scope.Game.Id, name, upload.Content, type, context.RequestAborted))),
            StatusCodes.Status201Created);
    }

    private static async Task<IResult> Readiness(GameScope scope, Query<ReadinessOf> query, GameStore games, GameCode code, HttpContext context)
    {
        var versions = await games.Versions(scope.Game.Id);
        var version = (query.Value.VersionId is { } wished ? versions.FirstOrDefault(known => Guid.TryParse(wished, out var id) && known.Id == id)
            : versions.FirstOrDefault()) ?? throw GameFaults.VersionNotFound();
        var report = await code.Judge(scope.Game, version, context.RequestAborted);
        return Answer(new ReadinessView(scope.Game.Id, version.Id, report.Valid && version.Status == GameStatus.Draft, report.Valid,
            Platform.Data.EnumText.Of(version.Status), report.Blockers, report.Warnings));
    }

    private static async Task<IResult> Versions(GameScope scope, GameStore games) =>
        Answer(new VersionsView([.. (await games.Versions(scope.Game.Id)).Select(VersionSummaryView.Of)]));

    private static IResult Version(VersionScope scope) =>
        Answer(new OneVersionView(VersionSummaryView.Of(scope.Version), StatusView.Of(scope.Version)));

    private static async Task<IResult> ReadCode(VersionScope scope, GameCode code, HttpContext context) =>
        Answer(new CodeView(scope.Game.Id, scope.Version.Id, await code.Read(scope.Version, context.RequestAborted)));

    private static async Task<IResult> WriteCode(VersionScope scope, Body<UpdateCode> body, GameCode code, HttpContext context)
    {
        var thread = await code.Write(scope.Game, scope.Version, body.Value.Code, scope.Caller.Name, context.RequestAborted);
        return Answer(new CodeUpdatedView(true, scope.Game.Id, scope.Version.Id, thread));
    }

    private static async Task<IResult> Validate(VersionScope scope, GameCode code, HttpContext context) =>
        Answer(ValidationView.Of(scope.Version, await code.Judge(scope.Game, scope.Version, context.RequestAborted)));

    private static IResult Status(VersionScope scope) => Answer(StatusView.Of(scope.Version));

    private static IResult Categories() => Answer(new CategoriesView(GameCategories.All));

    private static IResult Answer<T>(T data, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(new Envelope<T>(true, data), RemixJson.Options, statusCode: status);
}
