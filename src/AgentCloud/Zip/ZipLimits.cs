namespace Remix.AgentCloud.Zip;

/// <summary>How much a ZIP file may hold.</summary>
/// <param name="RatioMax">How many times its own size it may unpack to, beyond <see cref="RatioFree"/>.</param>
internal sealed record ZipLimits(string What, long BytesMax, int EntriesMax, long UnpackedMax, int RatioMax)
{
    /// <summary>So much may unpack from however little: a few pages of blanks are no bomb.</summary>
    public const long RatioFree = 4 * 1024 * 1024;

    public static readonly ZipLimits Package = new("package", 128L * 1024 * 1024, 10_000, 512L * 1024 * 1024, 100);

    public static readonly ZipLimits Tape = new("mastertape", 4000L * 1024 * 1024, 1_000_000, 8000L * 1024 * 1024, 100);
}
