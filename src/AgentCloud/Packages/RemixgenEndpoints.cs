using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Workspaces;
using Remix.AgentCloud.Zip;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Packages;

/// <summary>Making packages out of an app's records.</summary>
internal static class RemixgenEndpoints
{
    public static void MapV0(IEndpointRouteBuilder routes) => routes.MapPost("/remixgen/{ws}/{app}", Make).WithTags("packages")
        .Needs(TokenKind.Cloud).Limited(PackageEndpoints.Installations)
        .WithSummary("Put the records that a query finds, and constants, into a .remix file, and keep the result in the app's files");

    private static async Task<RemixgenView> Make(WorkspaceScope workspace, string app, CloudInput<RunRemixgen> input, Remixgen generator,
        AppFiles files,
        QueryRunner queries, BlobStore blobs, UrlFetch urls, FileChange change, CloudActivities activities, HttpContext context)
    {
        if (!CloudNames.IsName(app))
        {
            throw WorkspaceScope.AppNotFound();
        }

        workspace.Require(Right.Write, app);
        var wish = input.Value;
        JsonElement? rows = wish.Query is { } query ? (await queries.Run(workspace.Id, app, query)).Value : null;
        if (rows is { ValueKind: not JsonValueKind.Array })
        {
            throw Fault.Invalid("query", "The query counts; one that finds records is needed");
        }

        var source = wish.Url is { } url ? await urls.Get(url, null, ZipLimits.Package.BytesMax, context.RequestAborted)
            : await Open(await files.Get(workspace.Id, app, wish.Src!), blobs, urls, context);
        var blob = await generator.Make(source, rows, wish.Overrides, context.RequestAborted);
        var (file, _) = await files.Put(workspace.Id, app, wish.Dest, blob, workspace.Caller.Name, force: true, mayMakeApp: false);
        await activities.Record(workspace.Id, workspace.Caller, ActivityKind.Remixgen, app);
        return new RemixgenView(true, rows?.GetArrayLength() ?? 0, await change.View(workspace, app, file, context));
    }

    private static async Task<Stream> Open(AppFile file, BlobStore blobs, UrlFetch urls, HttpContext context) => file.Url is { } elsewhere
        ? await urls.Get(elsewhere, null, ZipLimits.Package.BytesMax, context.RequestAborted) : blobs.Open(file.Sha256!);
}

internal sealed record RunRemixgen(string? Src, string? Url, string Dest, Query? Query, IReadOnlyDictionary<string, JsonElement> Overrides)
    : IReadFields<RunRemixgen>
{
    private const int OverridesBytesMax = 256 * 1024;

    public static RunRemixgen Read(Fields fields)
    {
        var src = fields.Read("src") is null ? null : fields.Path("src");
        var url = OutboundGuard.ReadUrl(fields, "url");
        if (src is null == (fields.Read("url") is null))
        {
            fields.Problem("src", "Give either src, a file of the app, or url", "invalid_type");
        }

        var dest = fields.Path("dest");
        return new RunRemixgen(src, url, dest, QueryIn(fields), OverridesIn(fields));
    }

    private static Query? QueryIn(Fields fields)
    {
        if (fields.Read("query") is not { } source || (source.ValueKind == JsonValueKind.String && source.GetString() is ""))
        {
            return null;
        }

        var (query, issues) = QuerySource.TryRead(source);
        foreach (var issue in issues)
        {
            fields.Problem(issue.Path.Prepend("query"), issue.Message, issue.Code);
        }

        if (QueryParams.Of(query) is [var name, ..])
        {
            fields.Problem("query", $"It asks for the parameter {name}, and only queries that are kept have parameters");
        }

        return query;
    }

    private static Dictionary<string, JsonElement> OverridesIn(Fields fields)
    {
        var overrides = fields.Json("overrides", OverridesBytesMax);
        if (overrides is null || overrides is { ValueKind: JsonValueKind.Object } given
            && given.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.Object))
        {
            return overrides?.EnumerateObject().DistinctBy(member => member.Name, StringComparer.Ordinal)
                .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal) ?? [];
        }

        fields.Problem("overrides", "Expected an object of constants for each app: {\"app\": {\"name\": value}}", "invalid_type");
        return [];
    }
}

internal sealed record RemixgenView(bool Ok, int Records, FileView File);
