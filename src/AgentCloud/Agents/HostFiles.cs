using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Records;
using Remix.Platform.Blobs;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// <c>remix.files</c>: the files of the agent's own app. <c>read(path, {as: 'text' | 'bytes'})</c>, <c>write(path, content)</c>,
/// <c>list(folder)</c>, <c>props(path)</c>, <c>delete(path)</c>.
/// </summary>
internal sealed class HostFiles(AppFiles files, BlobStore blobs)
{
    /// <summary>What can be read or written at once.</summary>
    public const long BytesMax = 16 * 1024 * 1024;

    public async Task<ReadOnlyMemory<byte>> Do(AgentCall call, HostArguments given, CancellationToken stop)
    {
        var path = given.Operation == "files.list" ? given.TextOrNull(0, "the folder") ?? AppFilePath.Root : given.Text(0, "the path");
        if (path != AppFilePath.Root && AppFilePath.Problem(path) is { } problem)
        {
            throw given.Wrong(problem);
        }

        var (workspace, app) = (call.Workspace.Id, call.App);
        switch (given.Operation)
        {
            case "files.read":
                return await Read(await files.Get(workspace, app, path), given, stop);
            case "files.write":
                var content = Content(given);
                var blob = await blobs.Put(content, stop);
                return Props((await files.Put(workspace, app, path, blob, call.Chain.User.Name, force: true, mayMakeApp: true)).File);
            case "files.list":
                var (file, entries) = await files.Look(workspace, app, path, "", AppFiles.PageMax);
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
