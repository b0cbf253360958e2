using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.AgentCloud.Zip;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;

namespace Remix.AgentCloud.Tapes;

/// <summary>Bringing workspaces out, in, and from one server to another.</summary>
internal static class TapeEndpoints
{
    internal static readonly RateLimit Transfers = RateLimit.PerMinute("cloud tapes", RateLimitPer.User, 120);

    private const string FormField = "file";

    public static void MapV0(IEndpointRouteBuilder routes)
    {
        var tapes = routes.MapGroup("").WithTags("tapes").Needs(TokenKind.Cloud);
        tapes.MapGet("/ws-export/{ws}", Export).Limited(Transfers).Produces<byte[]>(200,
            Tape.MediaType).WithSummary("Export a workspace as a mastertape");
        tapes.MapPost("/ws-import", Import).Limited(Transfers).WithMetadata(new BinaryBodyMetadata()).WithSummary(
            "Make a workspace from a mastertape");
        tapes.MapPost("/ws-clone/{ws}", Clone).Limited(Transfers).WithSummary("Clone a workspace, here or to another server");
    }

    public static void MapV1(IEndpointRouteBuilder routes)
    {
        var tapes = routes.MapGroup("").WithTags("tapes").Needs(TokenKind.Cloud);
        tapes.MapGet("/ws/{ws}/export", Export).Limited(Transfers).Produces<byte[]>(200,
            Tape.MediaType).WithSummary("Export a workspace as a mastertape");
        tapes.MapPost("/ws/{ws}/export", Push).Limited(Transfers).WithSummary("Send a workspace to another server");
        tapes.MapPost("/ws-import", Import).Limited(Transfers).WithMetadata(new BinaryBodyMetadata())
            .WithSummary("Make a workspace from a mastertape: uploaded, or fetched from a url");
    }

    private static async Task<IResult> Export(WorkspaceScope workspace, TapeWriter writer, HttpContext context)
    {
        workspace.Require(Right.Export);

        var tape = await writer.Write(workspace.Facts, context.RequestAborted);
        return TypedResults.Stream(tape, Tape.MediaType, $"{workspace.Name}.remix");
    }

    private static async Task<IResult> Import(CloudCaller caller, Query<ImportAs> query, TapeImporter importer, WorkspaceStore workspaces,
        CloudApps apps, IncomingFile incoming, UrlFetch urls, RemixSettings settings, HttpContext context)
    {
        WorkspaceEndpoints.RequireCreator(caller, settings);
        await workspaces.RequireFree(query.Value.Ws, TapeImporter.TakenHint);
        var (file, name) = await Receive(context, incoming, urls);
        return await Made(await importer.Import(file, query.Value.Ws ?? name, caller, context.RequestAborted), apps);
    }

    /// <summary>The tape, however it comes, and the name that came with it.</summary>
    private static async Task<(FileStream File, string? Name)> Receive(HttpContext context, IncomingFile incoming, UrlFetch urls)
    {
        var stop = context.RequestAborted;
        Fields fields;
        if (CloudUpload.IsMultipart(context))
        {
            (fields, var file) = await CloudUpload.ReadForm(context, FormField, part => incoming.Receive(part, ZipLimits.Tape.BytesMax, stop));
            if (file is not null)
            {
                var name = ImportAs.Read(fields).Ws;
                await DisposeUnless(fields.IsValid, file);
                fields.ThrowIfInvalid();
                return (file, name);
            }
        }
        else if (await CloudUpload.IsZip(context))
        {
            return (await incoming.Receive(context.Request.Body, ZipLimits.Tape.BytesMax, stop), null);
        }
        else
        {
            fields = await CloudBody.Read(context);
        }

        var from = ImportFrom.Read(fields);
        fields.ThrowIfInvalid();
        return (await urls.Get(from.Address, from.Token, ZipLimits.Tape.BytesMax, stop), from.Name);
    }

    private static async Task<IResult> Clone(WorkspaceScope workspace, Given<CloneWorkspace> input, TapeWriter writer, TapeImporter importer,
        CloudApps apps, UrlFetch urls, WorkspaceStore workspaces, RemixSettings settings, HttpContext context)
    {
        workspace.Require(Right.Export);
        if (input.Value.To is { } to)
        {
            return await Send(workspace, to, writer, urls, context);
        }

        WorkspaceEndpoints.RequireCreator(workspace.Caller, settings);
        var name = input.Value.Ws ?? CloudNames.Random();
        await workspaces.RequireFree(name);
        var tape = await writer.Write(workspace.Facts, context.RequestAborted);
        return await Made(await importer.Import(tape, name, workspace.Caller, context.RequestAborted), apps);
    }

    private static async Task<IResult> Push(WorkspaceScope workspace, CloudInput<ExportTo> input, TapeWriter writer, UrlFetch urls,
        HttpContext context)
    {
        workspace.Require(Right.Export);

        return await Send(workspace, input.Value, writer, urls, context);
    }

    private static async Task<IResult> Send(WorkspaceScope workspace, ExportTo to, TapeWriter writer, UrlFetch urls, HttpContext context)
    {
        await using var tape = await writer.Write(workspace.Facts, context.RequestAborted);
        var said = await urls.Post(to.Address, to.Token, tape, context.RequestAborted);
        return TypedResults.Json(new SentView(true, NameIn(said) ?? to.Ws, to.Address), RemixJson.Options);
    }

    private static async Task<IResult> Made(WorkspaceFacts workspace, CloudApps apps) => TypedResults.Json(new ImportedView(true, workspace.Name,
        workspace.OwnerName, [.. (await apps.List(workspace.Id)).Select(app => app.Name)]), RemixJson.Options, statusCode: 201);

    private static ValueTask DisposeUnless(bool isGood, FileStream file) => isGood ? ValueTask.CompletedTask : file.DisposeAsync();

    /// <summary>The other server's word for what it made; it may be another kind of server.</summary>
    private static string? NameIn(string said)
    {
        try
        {
            using var json = JsonDocument.Parse(said);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("name", out var name)
                && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
