using Microsoft.AspNetCore.Http;
using Remix.Platform.Faults;
using Remix.Platform.Settings;

namespace Remix.AgentCloud.Zip;

/// <summary>A file on its way in or out, which is gone when it is closed; what a killed process leaves is swept at a later start.</summary>
internal sealed class IncomingFile(RemixSettings settings)
{
    private const int BufferBytes = 128 * 1024;

    public FileStream Create() => new(Path.Combine(settings.DataDirectory, "incoming", Guid.NewGuid().ToString("n")), FileMode.CreateNew,
        FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.Asynchronous | FileOptions.DeleteOnClose);

    /// <summary>Takes in a stream whole; 413 when it is longer than it may be, and nothing is left.</summary>
    public async Task<FileStream> Receive(Stream content, long bytesMax, CancellationToken stop)
    {
        var file = Create();
        try
        {
            var buffer = new byte[BufferBytes];
            int read;
            while ((read = await content.ReadAsync(buffer, stop)) > 0)
            {
                if (file.Length + read > bytesMax)
                {
                    throw Fault.TooLarge($"It is larger than {bytesMax / (1024 * 1024)} MB", "Nothing was changed. Send less.");
                }

                await file.WriteAsync(buffer.AsMemory(0, read), stop);
            }

            await file.FlushAsync(stop);
            file.Position = 0;
            return file;
        }
        catch (BadHttpRequestException e)
        {
            await file.DisposeAsync();
            throw Fault.BadRequest("UPLOAD_BROKEN", "The upload broke off", e.Message);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
