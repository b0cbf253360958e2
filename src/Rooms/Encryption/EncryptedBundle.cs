using System.Buffers.Text;

namespace Remix.Rooms.Encryption;

/// <summary>
/// The shapes of what the server keeps and cannot read: a ciphertext, and a room's key sealed for one user. Wire format:
/// docs/subsystems/encrypted-rooms.md.
/// </summary>
internal static class EncryptedBundle
{
    public const int Version = 1;

    /// <summary>Version, nonce and tag, around an empty text.</summary>
    public const int BytesMin = 1 + 12 + 16;

    /// <summary>Ephemeral public key, nonce, sealed key and tag.</summary>
    public const int WrapBytes = 32 + 12 + 32 + 16;

    /// <summary>Of a wrap in base64.</summary>
    public const int WrapLength = (WrapBytes + 2) / 3 * 4;

    /// <summary>What is wrong with a ciphertext's form; null when nothing is.</summary>
    public static string? Problem(string text)
    {
        if (!IsBase64(text, out var length))
        {
            return "Expected base64";
        }

        if (length < BytesMin)
        {
            return $"Expected at least {BytesMin} bytes: version, nonce (12), ciphertext, tag (16)";
        }

        // The first byte is in the first two letters.
        return Convert.FromBase64String(text[..4])[0] == Version ? null : $"Expected a bundle of version {Version} (its first byte)";
    }

    /// <summary>Whether the text has the form of a sealed key.</summary>
    public static bool IsWrap(string text) => IsBase64(text, out var length) && length == WrapBytes;

    private static bool IsBase64(string text, out int length)
    {
        length = 0;
        return !text.AsSpan().ContainsAny(" \t\r\n") && Base64.IsValid(text, out length);
    }
}
