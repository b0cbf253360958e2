using Remix.Pages.Shared;
using Remix.Platform.Text;
using Remix.Rooms.Studios;

namespace Remix.Pages.Remixing;

/// <summary>What the form of the landing page holds: at first what the badge's address said, cut to what fits.</summary>
public sealed record RemixWish(string Title, string Prompt, string Url, string Studio, string Agents)
{
    private const int AgentsTextMax = 2_000;
    private const int AddressLengthMax = 28_000;

    /// <summary>From an address anybody may have written: an address that is not of the web is dropped, and so is what is no name.</summary>
    public static RemixWish Of(string? title, string? prompt, string? url, string? studio, string? agents)
    {
        var names = Cut(agents, AgentsTextMax).Split([',', ' ', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.TrimStart('@')).Where(Names.IsPair).Distinct(StringComparer.Ordinal);
        return new RemixWish(Cut(title, PublishToStudio.TopicLengthMax), Cut(prompt, PublishToStudio.ContextLengthMax), WebAddress(url),
            Names.IsPair(studio) ? studio! : "", string.Join(", ", names));
    }

    public string[]? AgentIds => Agents.Length == 0 ? null
        : Agents.Split([',', ' ', '\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The address of the page with all of this, to come back to.</summary>
    public string Address
    {
        get
        {
            var parts = new[] { ("title", Title), ("url", Url), ("prompt", Prompt), ("studio", Studio),
                ("agents", Agents.Replace(", ", ",", StringComparison.Ordinal)) }
                .Where(part => part.Item2.Length > 0).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}");
            return string.Join('&', parts) is { Length: > 0 } query ? $"/remix?{query}" : "/remix";
        }
    }

    /// <summary>Through the login and back. Instructions too long for an address stay behind.</summary>
    public string LoginAddress => Uri.EscapeDataString(Address) is { Length: <= AddressLengthMax } next ? $"/login?next={next}"
        : (this with { Prompt = "" }).LoginAddress;

    private static string WebAddress(string? url) => url is { Length: <= 2_000 } && Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" ? uri.AbsoluteUri : "";

    private static string Cut(string? text, int max)
    {
        var clean = string.Concat((text ?? "").EnumerateRunes().Where(rune => rune.Value is '\n' or '\t'
            || !System.Text.Rune.IsControl(rune))).Trim();
        var end = Math.Min(clean.Length, max);
        return end == clean.Length ? clean : clean[..(char.IsHighSurrogate(clean[end - 1]) ? end - 1 : end)];
    }
}

/// <summary>The landing page of a badge.</summary>
/// <param name="Operation">Names this form, so that sending it twice makes one room.</param>
/// <param name="Studios">The visitor's own.</param>
/// <param name="Problems">Of a form that was refused: the field, and what is wrong.</param>
public sealed record RemixModel(Visitor Visitor, RemixWish Wish, string Operation, IReadOnlyList<(string StudioId, string Name)> Studios,
    IReadOnlyDictionary<string, string> Problems)
{
    /// <summary>Another's studio cannot be filled from outside; what is made here goes to one's own.</summary>
    public bool IsForeignStudio => Wish.Studio.Length > 0 && Studios.All(studio => studio.StudioId != Wish.Studio);

    public string? Problem(string field) => Problems.GetValueOrDefault(field);
}
