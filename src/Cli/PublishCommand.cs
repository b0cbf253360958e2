using System.CommandLine;

namespace Remix.Cli;

/// <summary><c>remix publish DIR</c>: a folder becomes a creation; publishing it again becomes its next version.</summary>
internal static class PublishCommand
{
    public static Command Create()
    {
        var command = new Command("publish",
            "Upload a folder and publish it; what is not said here is read from its creation.json, then from its page. "
            + "Exits with 3 when the creation is rejected or waits for review.");
        var options = new PublishOptions();
        options.AddTo(command);
        command.SetAction((parsed, cancel) => Run(options, parsed, cancel));
        return command;
    }

    private static async Task<int> Run(PublishOptions options, ParseResult parsed, CancellationToken cancel)
    {
        var folder = CreationFolder.Open(parsed.GetRequiredValue(options.Folder));
        var submission = options.Submission(parsed, folder);
        if (parsed.GetValue(options.DryRun))
        {
            Rehearse(folder, submission);
            return ExitCode.Done;
        }

        var client = options.Connection.OpenWithToken(parsed);
        var caller = await client.Get<Identity>("/auth/me", cancel);
        var room = new Room(client, parsed.GetValue(options.Room) ?? folder.Manifest.Room ?? $"{caller.UserId}/{folder.Slug}");
        if (await room.EnsureExists(caller, submission.Topic, cancel))
        {
            Screen.Done($"Made the room {room.Id}");
        }

        await Screen.Progress($"Uploaded {folder.Amount}", folder.TotalBytes,
            report => room.Upload(folder, submission.SourceDir, report, cancel));
        if (parsed.GetValue(options.Check))
        {
            VerdictPrinter.Score(await room.Check(submission, cancel));
            return ExitCode.Done;
        }

        var verdict = await room.Submit(submission, cancel);
        VerdictPrinter.Score(verdict);
        return VerdictPrinter.Outcome(verdict, client.Server);
    }

    private static void Rehearse(CreationFolder folder, Submission submission)
    {
        foreach (var file in folder.Files)
        {
            Screen.Fact(CreationFolder.Size(file.Bytes), $"{submission.SourceDir}/{file.Path}");
        }

        Screen.Fact("topic", submission.Topic);
        Screen.Fact("description", submission.Description ?? "(none: worth up to 15 points)");
        Screen.Fact("type", submission.Type ?? "(the server's default)");
        Screen.Fact("tags", submission.Tags is { } tags ? string.Join(", ", tags) : "(none: worth up to 10 points)");
        if (folder.Files.All(file => !string.Equals(file.Path, submission.Cover ?? "cover.svg", StringComparison.Ordinal)))
        {
            Screen.Warning($"{submission.Cover ?? "cover.svg"} is missing: without a cover the submission is rejected.");
        }

        Screen.Note("Nothing was sent.");
    }
}
