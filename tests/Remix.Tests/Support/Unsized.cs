namespace Remix.Tests.Support;

/// <summary>Content whose length nobody is told before: it goes in chunks.</summary>
internal sealed class Unsized(byte[] bytes) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => await stream.WriteAsync(bytes);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
