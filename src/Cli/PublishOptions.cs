using System.CommandLine;

namespace Remix.Cli;

/// <summary>What one can say to <c>remix publish</c>, and how it becomes a submission.</summary>
internal sealed class PublishOptions
{
    public readonly Connection Connection = new();

    public readonly Argument<DirectoryInfo> Folder = new("dir") { Description = "The folder that holds index.html and cover.svg" };

    public readonly Option<string?> Room = new("--room")
    {
        Description = "The room to publish from; made when lacking. Otherwise one of yours, named like the folder",
        HelpName = "OWNER/ROOM",
    };

    public readonly Option<bool> Check = new("--check") { Description = "Upload and show the score, but publish nothing" };

    public readonly Option<bool> DryRun = new("--dry-run") { Description = "Show what would be sent; send nothing" };

    private readonly Option<string?> topic = new("--topic") { Description = "What it is about: its title in the feed" };

    private readonly Option<string?> description = new("--description") { Description = "Two or three sentences that people search by" };

    private readonly Option<string?> type = new("--type")
    {
        Description = "card-stack, report, dashboard, application, presentation, media, dataset, document, interactive or article",
    };

    private readonly Option<string?> tags = new("--tags") { Description = "Four to six, separated by commas", HelpName = "A,B,C" };

    private readonly Option<string?> category = new("--category")
    {
        Description = "Where it stands among the others, such as science; otherwise what its tags say",
    };

    private readonly Option<string?> sourceDir = new("--source-dir")
    {
        Description = "Where in the room the files go. The same place again is the next version of the same creation",
    };

    private readonly Option<string?> parent = new("--parent") { Description = "The id of the creation that this is a remix of", HelpName = "ID" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(Folder);
        Connection.AddTo(command);
        foreach (var option in new Option[] { Room, topic, description, type, tags, category, sourceDir, parent, Check, DryRun })
        {
            command.Options.Add(option);
        }
    }

    public Submission Submission(ParseResult parsed, CreationFolder folder)
    {
        var manifest = folder.Manifest;
        return new()
        {
            Topic = parsed.GetValue(topic) ?? manifest.Topic ?? folder.Title(),
            Description = parsed.GetValue(description) ?? manifest.Description ?? folder.Description(),
            Type = parsed.GetValue(type) ?? manifest.Type,
            Tags = parsed.GetValue(tags)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                ?? manifest.Tags,
            Category = parsed.GetValue(category) ?? manifest.Category,
            SourceDir = (parsed.GetValue(sourceDir) ?? manifest.SourceDir ?? $"creations/{folder.Slug}").Trim('/'),
            Cover = manifest.Cover ?? folder.Files.FirstOrDefault(file => IsCover(file.Path))?.Path,
            HasAudio = manifest.HasAudio,
            HasLiveData = manifest.HasLiveData,
            ParentId = parsed.GetValue(parent) ?? manifest.ParentId,
        };
    }

    private static bool IsCover(string path) => path is "cover.svg" or "cover.png" or "cover.webp" or "cover.gif";
}
