using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Records;
using Remix.Platform.Blobs;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// <c>remix.files</c>: the files of the agent's own app. <c>read(path, {as: 'text' | 'bytes'})</c>, <c>write(path, content)</c>,
/// <c>list(folder, {after})</c>, <c>props(path)</c>, <c>delete(path)</c>, <c>copy(path, to)</c>, <c>move(path, to)</c>,
/// <c>register(path, url, {metadata, force})</c>, <c>address(path, {seconds})</c>.
/// </summary>
internal sealed class HostFiles(AppFiles files, FileAddresses addresses, BlobStore blobs)
{
    /// <summary>What can be read or written at once.</summary>
    public const long BytesMax = 16 * 1024 * 1024;

    public async Task<ReadOnlyMemory<byte>> Do(AgentCall call, HostArguments given, CancellationToken stop)
    {
        var path = given.Operation == "files.list" ? AppFilePath.Folder(given.TextOrNull(0, "the folder"))
            : given.Text(0, "the path");
        if (path != AppFilePath.Root && AppFilePath.Problem(path) is { } problem)
        {
            throw given.Wrong(problem);
        }

        var (workspace, app, by) = (call.Workspace.Id, call.App, call.Chain.User.Name);
        switch (given.Operation)
        {
            case "files.copy":
                return Props(await files.Copy(workspace, app, path, app, To(given), by, mayMakeApp: false));
            case "files.move":
                return Props(await files.Rename(workspace, app, path, To(given), by));
            case "files.register":
                return Props(await files.Register(workspace, app, path, Url(given), Metadata(given), by,
                    given.TruthOption(2, "force"), mayMakeApp: true));
            case "files.address":
                return await Address(call, path, given);
            case "files.read":
                return await Read(await files.Get(workspace, app, path), given, stop);
            case "files.write":
                var content = Content(given);
                var blob = await blobs.Put(content, stop);
                return Props((await files.Put(workspace, app, path, blob, by, force: true, mayMakeApp: true)).File);
            case "files.list":
                var (file, entries) = await files.Look(workspace, app, path, After(given), AppFiles.PageMax);
                return JsonSerializer.SerializeToUtf8Bytes(file is not null ? [file.Path]
                    : entries.Select(entry => entry.File is null ? entry.Path + "/" : entry.Path), ParamText.Writing);
            case "files.props":
                return await files.Find(workspace, app, path) is { } found ? Props(found) : "null"u8.ToArray();
            case "files.delete":
                await files.Delete(workspace, app, path);
                return "null"u8.ToArray();
            default:
                throw given.Wrong("there is no such function");
        }
    }

    private async Task<ReadOnlyMemory<byte>> Read(AppFile file, HostArguments given, CancellationToken stop)
    {
        if (file.Sha256 is null)
        {
            throw given.Wrong($"{file.Path} lies elsewhere, at {file.Url}; fetch it from there");
        }

        if (file.Size > BytesMax)
        {
            throw given.Wrong($"{file.Path} is {file.Size} bytes; {BytesMax} can be read at once");
        }

        var bytes = await blobs.Bytes(file.Sha256, stop);
        return given.TextOption(1, "as") switch
        {
            "bytes" => Encoding.UTF8.GetBytes(AgentParam.Bin(bytes)),
            null or "text" when Utf8.IsValid(bytes) => JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(bytes), ParamText.Writing),
            null or "text" => throw given.Wrong($"{file.Path} is not text; read it with {{ as: 'bytes' }}"),
            _ => throw given.Wrong("as is 'text' or 'bytes'"),
        };
    }

    /// <summary>Where the file can be had by anybody to whom it is told: for good when it is public, for a while otherwise.</summary>
    private async Task<ReadOnlyMemory<byte>> Address(AgentCall call, string path, HostArguments given)
    {
        var seconds = given.NumberOption(1, "seconds") ?? FileAddresses.SecondsDefault;
        if (seconds is < 1 or > FileAddresses.SecondsMax)
        {
            throw given.Wrong($"seconds are 1 to {FileAddresses.SecondsMax}");
        }

        var file = await files.Get(call.Workspace.Id, call.App, path);
        return JsonSerializer.SerializeToUtf8Bytes(
            await addresses.Of(new FilePlace(call.Workspace.Id, call.Workspace.Name, call.App), file, (int)seconds), ParamText.Writing);
    }

    /// <summary>Where a list goes on: after the last name of the page before, as that was written.</summary>
    private static string After(HostArguments given) => given.TextOption(1, "after") is { Length: > 0 } after
        ? AppFilePath.Folder(after) : "";

    private static string To(HostArguments given) => given.Text(1, "the new path") is var path && AppFilePath.Problem(path) is { } problem
        ? throw given.Wrong(problem) : path;

    private static string Url(HostArguments given) => given.Text(1, "the url") is var url && OutboundGuard.Misspelt(url) is { } problem
        ? throw given.Wrong(problem) : url;

    private static string Metadata(HostArguments given) => given.Option(2, "metadata") switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => "{}",
        { ValueKind: JsonValueKind.Object } metadata => given.Json(metadata, "metadata", AppFile.MetadataBytesMax),
        _ => throw given.Wrong("metadata is an object"),
    };

    private static byte[] Content(HostArguments given)
    {
        var content = given.At(1);
        var bytes = content.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(content.GetString()!)
            : Tagged.TagOf(content) == "bin" && content.TryGetProperty(Tagged.Value,
                out var base64) && base64.TryGetBytesFromBase64(out var binary) ? binary
            : throw given.Wrong("the content must be a text or bytes");
        return bytes.Length <= BytesMax ? bytes : throw given.Wrong($"the content is {bytes.Length} bytes; {BytesMax} can be written at once");
    }

    private static ReadOnlyMemory<byte> Props(AppFile file) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        path = file.Path,
        kind = file.Kind,
        size = file.Size,
        type = FileTypes.Of(file.Path),
        url = file.Url,
        modifiedAt = file.ModifiedAt.ToIso(),
        modifiedBy = file.ModifiedBy,
    }, ParamText.Writing);
}
