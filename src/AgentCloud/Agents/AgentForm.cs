using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Agents;

/// <summary>The fields of a form in their order, names as they are written; files as bytes.</summary>
internal static class AgentForm
{
    private const int FieldsMax = 256;

    public static async Task<IReadOnlyList<(string Name, string? Text, byte[]? File)>> Read(byte[] bytes,
        MediaTypeHeaderValue type, CancellationToken stop)
    {
        if (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return Urlencoded(bytes);
        }

        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return await Multipart(bytes, type, stop);
        }

        return bytes.Length == 0 ? [] : throw new Fault(415, "UNSUPPORTED_MEDIA_TYPE", $"Parameters of the type {type.MediaType} are not understood")
        {
            Hint = "Send a JSON object, an urlencoded form, or multipart/form-data.",
        };
    }

    private static List<(string, string?, byte[]?)> Urlencoded(byte[] bytes)
    {
        var fields = new List<(string, string?, byte[]?)>();
        foreach (var pair in TextOf(bytes).Trim('\r', '\n').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            Add(fields, (Decoded(parts[0]), parts.Length == 2 ? Decoded(parts[1]) : "", null));
        }

        return fields;
    }

    private static async Task<List<(string, string?, byte[]?)>> Multipart(byte[] bytes, MediaTypeHeaderValue type, CancellationToken stop)
    {
        var fields = new List<(string, string?, byte[]?)>();
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is null or { Length: 0 or > 70 })
        {
            throw Malformed("Its Content-Type names no boundary.");
        }

        try
        {
            using var stream = new MemoryStream(bytes);
            var reader = new MultipartReader(boundary, stream);
            while (await reader.ReadNextSectionAsync(stop) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || disposition.Name.Length == 0)
                {
                    throw Malformed("A part has no name.");
                }

                using var value = new MemoryStream();
                await section.Body.CopyToAsync(value, stop);
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value!;
                var isFile = disposition.FileName.Length > 0 || disposition.FileNameStar.Length > 0;
                Add(fields, isFile ? (name, null, value.ToArray()) : (name, TextOf(value.ToArray()), null));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Malformed(e.Message);
        }

        return fields;
    }

    private static void Add(List<(string, string?, byte[]?)> fields, (string, string?, byte[]?) field)
    {
        fields.Add(fields.Count < FieldsMax ? field : throw Malformed($"It has more than {FieldsMax} fields."));
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string TextOf(byte[] bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Malformed("It is not valid UTF-8.");

    private static Fault Malformed(string message) => new(400, "MALFORMED_FORM", "The form cannot be read")
    {
        Details = [new Issue("invalid_form", [], message)],
        Hint = "Send a JSON object, an urlencoded form, or multipart/form-data.",
    };
}
