using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;

namespace Remix.Rooms.Files;

/// <summary>Signed addresses for large files: asking for them, and what they lead to.</summary>
internal static class PresignedEndpoints
{
    private static readonly RateLimit Signing = RateLimit.PerMinute("signed addresses", RateLimitPer.Agent, 300);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("files");
        room.MapPost("/upload-url", UploadUrl).Needs(TokenKind.UserOrAgent).Limited(Signing)
            .WithSummary("An address to which a file of up to 200 MB can be sent without a token");
        room.MapPost("/upload-urls", UploadUrls).Needs(TokenKind.UserOrAgent).Limited(Signing).WithSummary("Up to 100 such addresses at once");
        room.MapPost("/download-url", DownloadUrl).Needs(TokenKind.UserOrAgent).Limited(Signing)
            .WithSummary("An address from which a file can be read without a token");
        var signed = routes.MapGroup($"/{PresignedAddresses.Route}").WithTags("files");
        signed.MapPut("/{owner}/{room}/{**path}", Upload).WithMetadata(new BinaryBodyMetadata())
            .Produces<FileView>().Produces<FileView>(201).WithSummary("Send a file to an address that upload-url gave");
        signed.MapGet("/{owner}/{room}/{**path}", Download).WithSummary("Read a file from an address that download-url gave")
            .Produces<byte[]>(200, "application/octet-stream");
    }

    private static async Task<UploadUrlView> UploadUrl(RoomScope room, Body<UploadWish> body, PresignedAddresses addresses,
        RemixSettings settings, HttpRequest request)
    {
        FileEndpoints.RequireWriter(room);
        return await Sign(room, body.Value.File, body.Value.ExpiresIn, addresses, PublicAddress.Base(settings, request));
    }

    private static async Task<UploadUrlView[]> UploadUrls(RoomScope room, Body<UploadWishes> body, PresignedAddresses addresses,
        RemixSettings settings, HttpRequest request)
    {
        FileEndpoints.RequireWriter(room);
        var views = new List<UploadUrlView>();
        foreach (var file in body.Value.Files)
        {
            views.Add(await Sign(room, file, body.Value.ExpiresIn, addresses, PublicAddress.Base(settings, request)));
        }

        return [.. views];
    }

    private static async Task<UploadUrlView> Sign(RoomScope room, UploadFile file, int expiresIn, PresignedAddresses addresses, string baseUrl)
    {
        var type = ContentTypes.Of(file.Path, file.ContentType);
        var (url, expires) = await addresses.Sign(baseUrl, HttpMethods.Put, room, file.Path, new PresignedTerms(expiresIn, type, file.Size));
        return new UploadUrlView(url, HttpMethods.Put, new(StringComparer.Ordinal) { ["Content-Type"] = type }, expires, file.Path);
    }

    private static async Task<DownloadUrlView> DownloadUrl(RoomScope room, Body<DownloadWish> body, RoomFiles files, PresignedAddresses addresses,
        RemixSettings settings, HttpRequest request)
    {
        room.RequireReader();
        var path = body.Value.Path;
        _ = await files.Find(room.RoomId, path) ?? throw FileTransfer.Missing(room, path);
        var (url, expires) = await addresses.Sign(PublicAddress.Base(settings, request), HttpMethods.Get, room, path,
            new PresignedTerms(body.Value.ExpiresIn));
        return new DownloadUrlView(url, expires, path);
    }

    private static async Task<IResult> Upload(string owner, string room, string? path, Query<SignedAddress> query, PresignedAddresses addresses,
        RoomFiles files, HttpContext context)
    {
        path = FilePath.Checked(path);
        var address = query.Value;
        var scope = await addresses.Enter(HttpMethods.Put, $"{owner}/{room}", path, address);
        Recheck(scope, address, () => FileEndpoints.RequireWriter(scope));
        if (context.Request.ContentType is { Length: > 0 } declared && !ContentTypes.Says(declared, address.ContentType!))
        {
            throw new Fault(403, "CONTENT_TYPE_NOT_SIGNED", $"The address was signed for {address.ContentType}, and this is another type")
            {
                Hint = $"Send Content-Type: {address.ContentType}, as headers says beside the url, or ask for an address for the other type.",
            };
        }

        return await FileTransfer.Receive(context, files, scope,
            new FileUpload(path, address.ContentType!, address.BytesMax!.Value, FileCondition.Of(context.Request)));
    }

    private static async Task<IResult> Download(string owner, string room, string? path, Query<SignedAddress> query, PresignedAddresses addresses,
        RoomFiles files, BlobStore blobs, HttpContext context)
    {
        path = FilePath.Checked(path);
        var scope = await addresses.Enter(HttpMethods.Get, $"{owner}/{room}", path, query.Value);
        Recheck(scope, query.Value, scope.RequireReader);
        var file = await files.Find(scope.RoomId, path) ?? throw FileTransfer.Missing(scope, path);
        return FileTransfer.Send(context, blobs, file.Sha256, file.ContentType, file.UpdatedAt);
    }

    /// <summary>Whoever holds the address is not the one it speaks for, so is told only that it no longer holds.</summary>
    private static void Recheck(RoomScope room, SignedAddress address, Action require)
    {
        try
        {
            require();
        }
        catch (Fault fault) when (fault.Status is 401 or 403)
        {
            throw PresignedAddresses.Lost(address.By!, room.RoomId);
        }
    }
}
