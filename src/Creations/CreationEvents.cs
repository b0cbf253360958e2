namespace Remix.Creations;

/// <summary>What happens to creations, as the log of their room names it.</summary>
public static class CreationEvents
{
    public const string Published = "creation_published";
    public const string Review = "creation_review";
    public const string Feedback = "creation_feedback";
    public const string Archived = "creation_archived";

    /// <summary>Signal whose key is a creation whose counters moved, or that was published or replaced.</summary>
    public const string Changed = "creation-changed";

    /// <summary>Signal whose key is a creation that is no more.</summary>
    public const string Removed = "creation-removed";
}
