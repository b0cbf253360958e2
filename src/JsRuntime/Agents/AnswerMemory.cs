using System.Buffers;

namespace Remix.JsRuntime.Agents;

/// <summary>
/// The bytes of an answer. Long ones are lent by a pool, and go back to it when this is disposed; who does not makes the collector
/// do it, which stops everybody when it happens often.
/// </summary>
internal sealed class AnswerMemory(int length) : IDisposable
{
    /// <summary>Shorter arrays cost the collector nothing to speak of.</summary>
    private const int LentFrom = 64 * 1024;

    private byte[]? array = length < LentFrom ? new byte[length] : ArrayPool<byte>.Shared.Rent(length);

    public Memory<byte> Bytes => array.AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref array, null) is { } given && length >= LentFrom)
        {
            ArrayPool<byte>.Shared.Return(given);
        }
    }
}
