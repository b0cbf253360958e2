namespace Remix.Pages.Shared;

/// <summary>Who looks, and how: a signed-in user's id, and the theme of the <c>remix-theme</c> cookie.</summary>
public sealed record Visitor(string? UserId = null, string? Theme = null)
{
    public bool IsSignedIn => UserId is not null;

    /// <summary>Only the two words that the style sheets know; anything else in the cookie is nobody's choice.</summary>
    public string? KnownTheme => Theme is "light" or "dark" ? Theme : null;
}
