using System.Globalization;
using Remix.Identity;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Signing;
using Remix.Platform.Text;

namespace Remix.Rooms.Files;

/// <summary>
/// Addresses that carry their permission with them, of the shape that an object store signs: the method, the path, the
/// type, the most bytes, the end. What a store would not do is looked at again when one is used: whether the one in whose
/// name it was signed may still do it.
/// </summary>
internal sealed class PresignedAddresses(Signer signer, Callers callers, RoomDirectory directory, TimeProvider clock)
{
    public const string Route = "presigned";

    private const string Purpose = "presigned";

    /// <param name="baseUrl">The server as the one who asks reaches it.</param>
    public async Task<(string Url, DateTime Expires)> Sign(string baseUrl, string method, RoomScope room, string path, PresignedTerms terms)
    {
        var by = room.Caller.Name;
        var expires = clock.GetUtcNow().AddSeconds(terms.ExpiresIn).ToUnixTimeSeconds();
        var signature = await signer.Sign(Purpose, Text(method, room.RoomId, path, by, terms.ContentType, terms.BytesMax, expires));
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var url = $"{baseUrl}/{Route}/{room.RoomId}/{escaped}?by={Uri.EscapeDataString(by)}&expires={expires}";
        if (terms.ContentType is { } type)
        {
            url += $"&content_type={Uri.EscapeDataString(type)}&bytes_max={terms.BytesMax}";
        }

        return ($"{url}&signature={signature}", (expires * 1000).ToTime());
    }

    /// <summary>The room as the one sees it in whose name the address was signed; 403 when it does not hold, or no longer.</summary>
    public async Task<RoomScope> Enter(string method, string roomId, string path, SignedAddress address)
    {
        if (!long.TryParse(address.Expires, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || address.Expires != expires.ToString(CultureInfo.InvariantCulture)
            || !await signer.IsSigned(Purpose, Text(method, roomId, path, address.By, address.ContentType, address.BytesMax, expires),
                address.Signature))
        {
            throw Refusal("SIGNATURE_INVALID", "This address was not signed for this",
                "Use it whole and as it was given: with its method, its path and every parameter.", roomId, method);
        }

        if (clock.GetUtcNow().ToUnixTimeSeconds() >= expires)
        {
            throw Refusal("ADDRESS_EXPIRED", "This address has expired", "Ask for a new one.", roomId, method);
        }

        try
        {
            if (await callers.Named(address.By!) is { } caller)
            {
                return await directory.Enter(roomId, caller);
            }
        }
        catch (Fault fault) when (fault.Status == 404)
        {
            // Said below, as to everybody who lost access.
        }

        throw Lost(address.By!, roomId);
    }

    public static Fault Lost(string by, string roomId) => new(403, "ACCESS_LOST", $"{by} may no longer do this in {roomId}")
    {
        Hint = "The address was signed in its name, and it has left the room, lost its role, or the room is closed to it.",
    };

    private static Fault Refusal(string code, string message, string hint, string roomId, string method) => new(403, code, message)
    {
        Hint = hint,
        Fix = Names.IsPair(roomId) ? new Fix("POST", $"/rooms/{roomId}/{(method == "PUT" ? "upload-url" : "download-url")}") : null,
    };

    /// <summary>What is signed; a NUL, which no part can hold, keeps the parts apart.</summary>
    private static string Text(string method, string roomId, string path, string? by, string? contentType, long? bytesMax, long expires) =>
        string.Join('\0', method, roomId, path, by, contentType, bytesMax, expires);
}

/// <summary>On what terms an address is signed. A type and a most of bytes are said for uploads only.</summary>
internal sealed record PresignedTerms(int ExpiresIn, string? ContentType = null, long? BytesMax = null);

/// <summary>The parameters that a signed address carries.</summary>
internal sealed record SignedAddress(string? By, string? ContentType, long? BytesMax, string? Expires, string? Signature) : IReadFields<SignedAddress>
{
    public static SignedAddress Read(Fields fields) => new(
        fields.Text("by", 2 * Names.LengthMax + 1), fields.Text("content_type", 200), fields.Number("bytes_max", 1, RoomFiles.PresignedBytesMax),
        fields.Text("expires", 20), fields.Text("signature", 100));
}
