using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Remix.Platform.Http;

/// <summary>
/// The pool that Kestrel's pipes take their blocks from, with one more talent: it can hand a pipe an array that already
/// holds what is to be written. So an answer that lies ready in memory reaches the socket without being copied.
/// </summary>
internal sealed class LentMemory(MemoryPool<byte> blocks) : MemoryPool<byte>
{
    [ThreadStatic]
    private static byte[]? lent;

    /// <summary>A pipe asks for no more than this in one piece; larger wishes it would fill from elsewhere.</summary>
    public override int MaxBufferSize => Array.MaxLength;

    /// <summary>
    /// Writes the bytes by lending them, if the writer's next block comes from this pool, and by copying them otherwise.
    /// Nobody may change them until the answer is through; what is lent is read only.
    /// </summary>
    public static void Write(IBufferWriter<byte> writer, byte[] bytes)
    {
        Memory<byte> block;
        lent = bytes;
        try
        {
            block = writer.GetMemory(bytes.Length);
        }
        finally
        {
            lent = null;
        }

        if (!MemoryMarshal.TryGetArray<byte>(block, out var segment) || segment.Array != bytes)
        {
            bytes.CopyTo(block);
        }

        writer.Advance(bytes.Length);
    }

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        if (lent is { } bytes && bytes.Length == minBufferSize)
        {
            lent = null;
            return new Loan(bytes);
        }

        return minBufferSize <= blocks.MaxBufferSize ? blocks.Rent(minBufferSize) : Shared.Rent(minBufferSize);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            blocks.Dispose();
        }
    }

    /// <summary>An array of somebody else's: to give it back is to forget it.</summary>
    private sealed class Loan(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose()
        {
        }
    }

    /// <summary>Puts the talent on top of the pools that Kestrel makes for itself.</summary>
    internal sealed class Factory(IMemoryPoolFactory<byte> kestrels) : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new LentMemory(kestrels.Create(options));

        public static void Decorate(IServiceCollection services)
        {
            var kestrels = services.Last(service => service.ServiceType == typeof(IMemoryPoolFactory<byte>));
            services.Remove(kestrels);
            services.AddSingleton<IMemoryPoolFactory<byte>>(provider => new Factory(
                (IMemoryPoolFactory<byte>)(kestrels.ImplementationInstance ?? kestrels.ImplementationFactory?.Invoke(provider)
                    ?? ActivatorUtilities.CreateInstance(provider, kestrels.ImplementationType!))));
        }
    }
}
