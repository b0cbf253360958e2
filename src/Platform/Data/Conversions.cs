using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Remix.Platform.Data;

/// <summary>Enums are stored and sent as snake_case words.</summary>
public static class EnumText
{
    public static string Of(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static bool TryParse<T>(string? text, out T value) where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Of(candidate) == text)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    public static T Parse<T>(string text) where T : struct, Enum =>
        TryParse<T>(text, out var value) ? value : throw new FormatException($"'{text}' is no {typeof(T).Name}.");

    public static IEnumerable<string> All<T>() where T : struct, Enum => Enum.GetValues<T>().Select(value => Of(value));

    internal static ValueConverter Converter(Type type) =>
        (ValueConverter)Activator.CreateInstance(typeof(EnumTextConverter<>).MakeGenericType(type))!;
}

internal sealed class EnumTextConverter<T>() : ValueConverter<T, string>(value => EnumText.Of(value), text => EnumText.Parse<T>(text))
    where T : struct, Enum;

internal sealed class TextListConverter() : ValueConverter<string[], string>(
    list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
    text => JsonSerializer.Deserialize<string[]>(text, JsonSerializerOptions.Default) ?? Array.Empty<string>());

internal sealed class TextListComparer() : ValueComparer<string[]>(
    (a, b) => (a ?? Array.Empty<string>()).SequenceEqual(b ?? Array.Empty<string>()),
    list => list.Aggregate(0, (hash, text) => HashCode.Combine(hash, text)),
    list => list.ToArray());

internal sealed class JsonElementConverter() : ValueConverter<JsonElement, string>(
    element => element.GetRawText(),
    text => Parse(text))
{
    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

internal sealed class JsonElementComparer() : ValueComparer<JsonElement>(
    (a, b) => a.GetRawText() == b.GetRawText(),
    element => element.GetRawText().GetHashCode(StringComparison.Ordinal),
    element => element);
