using System.Security.Cryptography;
using System.Text;
using Remix.Platform.Settings;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// The key that secrets are sealed with: made of the operator's platform secret where there is one, otherwise a file in the
/// data directory that only the server's own user can read. It is never in the database.
/// </summary>
internal sealed class SecretKey(RemixSettings settings)
{
    private const string FileName = "cloud-secrets.key";
    private const int Length = 32;

    private readonly Lazy<byte[]> bytes = new(() => settings.PlatformSecret is { } secret
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), Length, info: "remix-cloud-secrets"u8.ToArray())
        : OfFile(Path.Combine(settings.DataDirectory, FileName)));

    public byte[] Bytes => bytes.Value;

    private static byte[] OfFile(string path)
    {
        for (; ; )
        {
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: Length } found)
            {
                return found;
            }

            // Written beside and moved, so that two who start at once agree on one, and none reads half of it.
            var made = $"{path}.{Guid.NewGuid():n}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(made, options))
            {
                file.Write(RandomNumberGenerator.GetBytes(Length));
                file.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(made, path, overwrite: false);
                Platform.Blobs.DiskSync.Directory(Path.GetDirectoryName(path)!);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(made);
            }
        }
    }
}
