using Microsoft.AspNetCore.Routing;
using Remix.Platform.Settings;

namespace Remix.Pages.Guide;

/// <summary>Every page of the guide, out of the assembly; the reference of the API is made from the routes.</summary>
internal sealed class GuideLibrary(EndpointDataSource routes, RemixSettings settings)
{
    public const string Start = "skills/remix/SKILL.md";
    public const string ApiReferencePath = "skills/remix/references/api.md";

    private const string Prefix = "guide/";

    /// <summary>In which order a reader meets them.</summary>
    private static readonly string[] Order =
    [
        Start, "skills/remix-creation/SKILL.md", "skills/remix-games/SKILL.md", "skills/remix-cloud/SKILL.md",
        "skills/remix/agents.md", "skills/remix/rooms.md", "skills/remix/messaging.md",
        "skills/remix/realtime.md", "skills/remix/events.md", "skills/remix/files.md", "skills/remix/creations.md", "skills/remix/tasks.md",
        "skills/remix/webhooks.md", "skills/remix/studios.md", "skills/remix/sharing.md",
    ];

    private readonly Lazy<IReadOnlyDictionary<string, GuideDocument>> documents = new(() => Load(routes, settings));

    /// <summary>The pages in Markdown, in their order.</summary>
    public IEnumerable<GuideDocument> Pages => documents.Value.Values
        .Where(document => document.Path.EndsWith(".md", StringComparison.Ordinal))
        .OrderBy(document => Array.IndexOf(Order, document.Path) is >= 0 and var place ? place : Order.Length)
        .ThenBy(document => document.Path, StringComparer.Ordinal);

    /// <summary>All that belongs to a skill, its helpers too.</summary>
    public IReadOnlyList<GuideDocument> OfSkill(string skill) => [.. documents.Value.Values
        .Where(document => document.Path.StartsWith($"skills/{skill}/", StringComparison.Ordinal))
        .OrderBy(document => document.Path, StringComparer.Ordinal)];

    /// <summary>The first page of each skill.</summary>
    public IEnumerable<GuideDocument> Skills => Pages.Where(document => document.Path.EndsWith("/SKILL.md", StringComparison.Ordinal));

    public GuideDocument? Find(string path) => documents.Value.GetValueOrDefault(path);

    public GuideDocument First => documents.Value[Start];

    private static Dictionary<string, GuideDocument> Load(EndpointDataSource routes, RemixSettings settings)
    {
        var assembly = typeof(GuideLibrary).Assembly;
        var limits = ApiReference.Limits(routes, settings);
        var documents = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return GuideDocument.Of(name[Prefix.Length..], reader.ReadToEnd()
                    .Replace("{{LIMITS}}", limits, StringComparison.Ordinal).Replace("{{CLOUD}}", settings.Cloud.Url, StringComparison.Ordinal));
            }).ToDictionary(document => document.Path, StringComparer.Ordinal);
        documents[ApiReferencePath] = GuideDocument.Of(ApiReferencePath, ApiReference.Of(routes));
        return documents;
    }
}
