using System.Text.Json;
using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Packages;

/// <summary>A package as it was read and found good: what it brings, and what becomes of what is there.</summary>
/// <param name="Updates">Empty: in the place of the app; <c>*</c>: into it, making it if need be; <c>**</c>: into one that is there;
/// otherwise into one that came from the package with this id.</param>
internal sealed record Package(string Id, string Updates, string Name, IReadOnlyList<PackageApp> Apps, IReadOnlyList<LeftOut> LeftOut)
{
    public const string Version = "2.1";
    public const string Manifest = "manifest_v2.json";
    public const string UpdatesOrCreates = "*";
    public const string UpdatesOnly = "**";
    public const int RecordsMax = 50_000;
    public const int AppsMax = 100;
    public const int JsonBytesMax = 32 * 1024 * 1024;
    public const long JsonTotalMax = 64L * 1024 * 1024;

    /// <summary>Where an app's metadata says from which package it came.</summary>
    public const string Mark = "_rmx_package";

    /// <summary>Where that names the agents that were in the package and do not run here.</summary>
    public const string LeftOutMark = "left_out";

    /// <summary>The agents that an app's metadata so names.</summary>
    public static IReadOnlyList<string> LeftOutIn(string metadata)
    {
        using var json = JsonDocument.Parse(metadata);
        return json.RootElement.TryGetProperty(Mark, out var mark) && mark.ValueKind == JsonValueKind.Object
            && mark.TryGetProperty(LeftOutMark, out var names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)] : [];
    }
}

/// <summary>What a package brings of one app.</summary>
internal sealed record PackageApp(string Name, string Metadata, string Constants, IReadOnlyList<CheckedChange> Records,
    IReadOnlyList<PackageFile> Files);

/// <param name="Entry">Where its bytes are in the package; null for a file that is kept elsewhere.</param>
internal sealed record PackageFile(string Path, string? Entry, string? Url, string Metadata);

/// <summary>What was in the package and is not installed, and why.</summary>
internal sealed record LeftOut(string App, string Path, string? Agent, string Reason);
