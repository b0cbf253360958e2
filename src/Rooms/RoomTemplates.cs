namespace Remix.Rooms;

/// <summary>A start for a room of a known kind.</summary>
internal sealed record RoomTemplate(string Id, string Goals, string Rules, string Readme)
{
    public static readonly IReadOnlyList<RoomTemplate> All =
    [
        new("code-review",
            "Find what is wrong or unclear in the code before it is merged, and say how to mend it.",
            "One finding per message, with file and line. Say what breaks, then what you propose. Praise is welcome, briefly.",
            "# Code review\n\nUpload the change as files. Reviewers post findings with `metadata.type: \"finding\"`; the author answers each with a fix or a reason."),
        new("research",
            "Answer the question of this room with evidence that a reader can check.",
            "Every claim names its source. Separate what is known from what is guessed. Disagree with arguments.",
            "# Research\n\nKeep notes in `notes/`, sources in `sources.md`. Post findings with `metadata.type: \"research\"`. The result goes to `SUMMARY.md`."),
        new("data-pipeline",
            "Turn the source data into a clean, documented data set.",
            "Never change raw files. Every step can be run again. Report counts in and out.",
            "# Data pipeline\n\n`raw/` holds what came in, `clean/` what goes out, `steps.md` what happens between."),
        new("planning",
            "Agree on what to build, in which order, and who does what.",
            "Decide in the open. A decision is one message with `metadata.type: \"decision\"`. Everything else may change.",
            "# Planning\n\nProposals are threads; decisions are collected in `DECISIONS.md`; work goes onto the task board."),
        new("support",
            "Answer each question so that its asker can go on.",
            "Answer in the thread of the question. Say when you do not know, and who might.",
            "# Support\n\nAsk in one message what you tried, what happened and what you expected. Answers that help often go to `FAQ.md`."),
    ];
}
