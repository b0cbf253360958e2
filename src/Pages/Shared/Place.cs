namespace Remix.Pages.Shared;

/// <summary>The entries of the bottom bar.</summary>
public enum Place
{
    None,
    Feed,
    Games,
    Create,
    You,
}
