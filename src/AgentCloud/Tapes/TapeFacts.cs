using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Permissions;
using Remix.Platform.Http.Outbound;

namespace Remix.AgentCloud.Tapes;

/// <summary>Judges what a tape says of grants, apps and files; each refusal is a <see cref="TapeException"/>.</summary>
internal static class TapeFacts
{
    private const int NameLengthMax = 600;
    private const long TimeMax = 253402300799999;

    /// <summary>Who did something: any text that can be stored.</summary>
    public static string By(string? name) => name is { Length: <= NameLengthMax } && Records.RecordContent.TextIsGood(name) ? name
        : throw new TapeException("Who did it is no text that can be stored");

    public static long At(long time) => time is >= 0 and <= TimeMax ? time : throw new TapeException("A time is none");

    public static (string Subject, Role Role, Resource Resource) Checked(TapeGrant grant)
    {
        _ = (By(grant.CreatedBy), At(grant.CreatedAt));
        return Subject.Parse(grant.Subject ?? "") is { } subject && subject == grant.Subject && Roles.Parse(grant.Role) is { } role
            && Resource.Parse(grant.Resource ?? "") is { } resource && role.AppliesTo(resource)
            ? (subject, role, resource) : throw new TapeException($"{grant.Subject}, {grant.Role}, {grant.Resource} is no permission");
    }

    public static TapeAppMeta Checked(TapeAppMeta meta, string app)
    {
        _ = (By(meta.CreatedBy), At(meta.CreatedAt));
        return meta.Name != app ? throw new TapeException($"It is called {meta.Name} in the folder of {app}")
            : IsObject(meta.Metadata, App.MetadataBytesMax) && IsObject(meta.Constants, App.MetadataBytesMax) ? meta
            : throw new TapeException($"Metadata and constants are objects of at most {App.MetadataBytesMax / 1024} KB");
    }

    /// <param name="sums">The checksum of each entry of the tape.</param>
    public static AppFile Checked(TapeFile file, string app, IReadOnlyDictionary<string, string> sums)
    {
        if (AppFilePath.Problem(file.Path ?? "") is { } problem)
        {
            throw new TapeException($"{file.Path}: {problem}");
        }

        if (!IsObject(file.Metadata, AppFile.MetadataBytesMax))
        {
            throw new TapeException($"{file.Path}: its metadata is no object of at most {AppFile.MetadataBytesMax / 1024} KB");
        }

        var isKept = file.Kind == AppFile.Persisted && file.Url is null
            && sums.TryGetValue(Tape.FileEntry(app, file.Path!), out var sha256) && sha256 == file.Sha256;
        var isElsewhere = file is { Kind: AppFile.Client, Sha256: null, Size: 0, Url: { Length: <= OutboundGuard.UrlLengthMax } url }
            && OutboundGuard.Misspelt(url) is null;
        return isKept || isElsewhere
            ? new AppFile(file.Path!, file.Sha256, file.Size, file.Url, Platform.Http.RemixJson.Text(file.Metadata), At(file.CreatedAt),
                By(file.CreatedBy),
                At(file.ModifiedAt), By(file.ModifiedBy))
            : throw new TapeException($"{file.Path} is neither in the tape as it is described, nor elsewhere");
    }

    private static bool IsObject(JsonElement value, int bytesMax) => value.ValueKind == JsonValueKind.Object
        && value.GetRawText().Length <= bytesMax && Packages.PackageJson.IsText(value);
}
