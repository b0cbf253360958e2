using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Remix.Pages.Guide;

/// <summary>
/// A page of the guide: Markdown with a front matter, in which <c>{{BASE}}</c> stands for this server's address. Lines
/// <c>&lt;!-- also: … --&gt;</c> below a heading name what readers call the thing; they are for the search only.
/// </summary>
/// <param name="Path">Below the root, for example <c>skills/remix/rooms.md</c>.</param>
internal sealed partial record GuideDocument(string Path, string Title, string Description, string Text)
{
    private const int AddressesMax = 64;

    private readonly ConcurrentDictionary<string, GuidePage> pages = new(StringComparer.Ordinal);

    [GeneratedRegex(@"^---\n(?<matter>.*?)\n---\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FrontMatter { get; }

    [GeneratedRegex(@"^<!-- also:.*?-->\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Also { get; }

    public string Address => $"/{Path}";

    public static GuideDocument Of(string path, string text)
    {
        var matter = FrontMatter.Match(text) is { Success: true } found ? found.Groups["matter"].Value : "";
        return new GuideDocument(path, Value(matter, "title") ?? Value(matter, "name") ?? path, Value(matter, "description") ?? "", text);
    }

    /// <summary>What goes out at an address of ours. Few are in use; whoever invents more makes us forget them.</summary>
    public GuidePage At(string baseAddress)
    {
        if (pages.Count > AddressesMax)
        {
            pages.Clear();
        }

        return pages.GetOrAdd(baseAddress, address => GuidePage.Of(AddressedTo(Also.Replace(Text, ""), address)));
    }

    /// <summary>The text without its front matter, for the search.</summary>
    public string Body => FrontMatter.Replace(Text, "", 1);

    public static string AddressedTo(string text, string baseAddress) => text
        .Replace("{{BASE}}", baseAddress, StringComparison.Ordinal)
        .Replace("{{WS}}", "ws" + baseAddress["http".Length..], StringComparison.Ordinal);

    private static string? Value(string matter, string field) => matter.Split('\n')
        .FirstOrDefault(line => line.StartsWith($"{field}: ", StringComparison.Ordinal))?[(field.Length + 2)..].Trim();
}

/// <summary>A text as it goes out, and what it is known by.</summary>
internal sealed record GuidePage(string Text, string ETag)
{
    public static GuidePage Of(string text) =>
        new(text, $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..20]}\"");
}
