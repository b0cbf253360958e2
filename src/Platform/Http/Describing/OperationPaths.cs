using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Remix.Platform.Http.Describing;

/// <summary>
/// What an operation's path says of it: a name by which generated clients call it, and the parameters in the path, also
/// those that no handler names because its scope reads them.
/// </summary>
public static partial class OperationPaths
{
    public static void Describe(OpenApiOperation operation, string method, string path)
    {
        operation.OperationId ??= IdOf(method, path);
        operation.Parameters ??= [];
        var missing = Parameter.Matches(path).Select(match => match.Groups["name"].Value)
            .Where(name => !operation.Parameters.Any(known => known.In == ParameterLocation.Path && known.Name == name));
        foreach (var (name, place) in missing.ToList().Select((name, place) => (name, place)))
        {
            operation.Parameters.Insert(place, new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Path,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    /// <summary><c>getRoomsByOwnerByRoomMessages</c> for <c>GET /rooms/{owner}/{room}/messages</c>.</summary>
    private static string IdOf(string method, string path) => method.ToLowerInvariant()
        + string.Concat(Word.Matches(Parameter.Replace(path, " By ${name} ")).Select(word =>
            char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));

    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter { get; }

    [GeneratedRegex("[A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Word { get; }
}
