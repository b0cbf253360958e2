using Microsoft.AspNetCore.Http;

namespace Remix.Platform.Http;

/// <summary>Answers that lie ready in memory.</summary>
public static class ReadyBytes
{
    /// <summary>What a block of the server's own buffers holds; less than this leaves in one block with its headers.</summary>
    private const int BlockBytes = 2 * 1024;

    /// <summary>
    /// Writes the whole body and its length. In one buffer of its size: cut into the server's small blocks, a send would
    /// pin and list each of them, which costs more than the copy.
    /// </summary>
    public static Task WriteReady(this HttpResponse response, byte[] bytes)
    {
        response.ContentLength = bytes.Length;
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            return Task.CompletedTask;
        }

        var writer = response.BodyWriter;
        if (bytes.Length <= BlockBytes)
        {
            return writer.WriteAsync(bytes).AsTask();
        }

        // Headers first: before they are written the body would be kept aside and copied once more.
        var started = response.StartAsync();
        return started.IsCompletedSuccessfully ? Rest() : AfterStart();

        Task Rest()
        {
            LentMemory.Write(writer, bytes);
            return writer.FlushAsync().AsTask();
        }

        async Task AfterStart()
        {
            await started;
            await Rest();
        }
    }
}
