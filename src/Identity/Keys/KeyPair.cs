using System.Runtime.InteropServices;

namespace Remix.Identity.Keys;

/// <summary>
/// A raw key pair in base64: 32 bytes public, 32 bytes private (for Ed25519 the seed of RFC 8032), as RFC 7748 and
/// RFC 8032 define them. .NET has neither curve on Linux, so OpenSSL 3 makes them.
/// </summary>
internal sealed partial record KeyPair(string PublicKey, string PrivateKey)
{
    private const int KeyBytes = 32;

    public static KeyPair X25519() => Generate("X25519");

    public static KeyPair Ed25519() => Generate("ED25519");

    /// <summary>Whether the text is a raw public key.</summary>
    public static bool IsPublicKey(string text)
    {
        var bytes = new byte[KeyBytes + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == KeyBytes;
    }

    private static KeyPair Generate(string type)
    {
        var key = QuickKeygen(0, 0, type);
        if (key == 0)
        {
            throw new InvalidOperationException($"OpenSSL could not make a key of type {type}.");
        }

        try
        {
            return new KeyPair(Raw(key, GetRawPublicKey), Raw(key, GetRawPrivateKey));
        }
        finally
        {
            Free(key);
        }
    }

    private delegate int GetRaw(nint key, byte[] bytes, ref nuint length);

    private static string Raw(nint key, GetRaw get)
    {
        var bytes = new byte[KeyBytes];
        nuint length = KeyBytes;
        return get(key, bytes, ref length) == 1 && length == KeyBytes
            ? Convert.ToBase64String(bytes)
            : throw new InvalidOperationException("OpenSSL did not give the raw key.");
    }

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_Q_keygen", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint QuickKeygen(nint library, nint properties, string type);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_get_raw_public_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetRawPublicKey(nint key, [Out] byte[] bytes, ref nuint length);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_get_raw_private_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetRawPrivateKey(nint key, [Out] byte[] bytes, ref nuint length);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Free(nint key);
}
