using Remix.Platform.Blobs;
using Remix.Platform.Settings;

namespace Remix.Platform.Data;

/// <summary>
/// The data directory belongs to one server at a time where SQLite is in it: a second one would hear nothing of what the
/// first one writes. The system lets the lock go with the process, however that ends.
/// </summary>
internal static class DataDirectory
{
    private const string LockName = "remix.lock";

    /// <summary>Takes the directory for as long as what it answers is not disposed.</summary>
    public static IDisposable? Take(RemixSettings settings)
    {
        if (settings.Database is not null)
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(settings.DataDirectory);
            var taken = new FileStream(Path.Combine(settings.DataDirectory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            BlobStore.Sweep(settings);
            return taken;
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new IOException($"another server is running on the data in {settings.DataDirectory}. "
                + $"Stop it, or give this one its own directory: {Flag(settings)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the data directory {settings.DataDirectory} cannot be made or written to: {e.Message.TrimEnd('.')}. "
                + $"Name another one: {Flag(settings)}", e);
        }
    }

    /// <summary>How it was named: the client's word is another where the cloud runs alone.</summary>
    private static string Flag(RemixSettings settings) => settings.Cloud.Alone ? "--ws-dir DIR" : $"--data DIR or {SettingNames.Data}";

    /// <summary>EWOULDBLOCK, as flock(2) says that somebody else has it.</summary>
    private static bool IsHeld(IOException e) => e.HResult == 11;
}
