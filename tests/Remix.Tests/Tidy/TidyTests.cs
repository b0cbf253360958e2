using System.Text.RegularExpressions;
using System.Xml.Linq;
using Remix.Tests.Support;

namespace Remix.Tests.Tidy;

/// <summary>What a machine can check of how the house is built.</summary>
public partial class TidyTests
{
    private const int LinesMax = 300;
    private const int LineLengthMax = 150;

    private static readonly string[] SourceFolders = ["src", "tests"];

    /// <summary>Files that may be longer, and why.</summary>
    private static readonly Dictionary<string, string> LongFiles = new(StringComparer.Ordinal)
    {
        ["tests/Remix.Tests/Rooms/MessageTests.cs"] = "the sentences about one resource",
        ["tests/Remix.Tests/Rooms/LiveTests.cs"] = "the sentences about one resource",
    };

    /// <summary>How many lines of a project are longer than they should be: none may be added.</summary>
    private static readonly Dictionary<string, int> LongLines = new(StringComparer.Ordinal)
    {
        ["src/Creations"] = 6,
        ["src/Games"] = 6,
        ["src/Identity"] = 7,
        ["src/Pages"] = 88,
        ["src/Platform"] = 12,
        ["src/Rooms"] = 32,
        ["tests/Remix.Tests"] = 3,
        ["tests/bench"] = 1,
    };

    /// <summary>Where the time of day or chance is asked for directly, and why.</summary>
    private static readonly Dictionary<string, string> AskDirectly = new(StringComparer.Ordinal)
    {
        ["src/Platform/Blobs/BlobStore.cs"] = "compares with the file system's own times",
        ["src/JsRuntime/Workers/Objects/R2Bodies.cs"] = "compares with the file system's own times",
        ["src/Platform/Data/Database.cs"] = "jitter between attempts",
        ["src/Platform/Health/HealthEndpoints.cs"] = "the process's age, by the system's clock",
        ["src/Platform/Http/RequestIds.cs"] = "an id that nobody relies on",
    };

    /// <summary>The arrows of the architecture: what each project may use.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Platform"] = [],
        ["Identity"] = ["Platform"],
        ["Credits"] = ["Identity", "Platform"],
        ["Rooms"] = ["Identity", "Platform"],
        ["JsRuntime"] = ["Platform"],
        ["Creations"] = ["Rooms", "Credits", "JsRuntime", "Identity", "Platform"],
        ["Games"] = ["Creations", "Rooms", "Credits", "JsRuntime", "Identity", "Platform"],
        ["Social"] = ["Creations", "Rooms", "Credits", "JsRuntime", "Identity", "Platform"],
        ["Feed"] = ["Social", "Creations", "Rooms", "Credits", "JsRuntime", "Identity", "Platform"],
        ["AgentCloud"] = ["Identity", "Credits", "JsRuntime", "Platform"],
        ["Activation"] = ["Rooms", "Creations", "AgentCloud", "Credits", "JsRuntime", "Identity", "Platform"],
        ["Pages"] = ["Platform", "Identity", "Credits", "Rooms", "JsRuntime", "Creations", "Games", "Social", "Feed", "AgentCloud", "Activation"],
        ["Server"] = ["Platform", "Identity", "Credits", "Rooms", "JsRuntime", "Creations", "Games", "Social", "Feed", "AgentCloud", "Activation",
            "Pages"],
        ["Cli"] = [],
    };

    [Fact]
    public void Files_fit_in_the_head()
    {
        var tooLong = Sources(".cs", ".js", ".css", ".razor").Where(path => File.ReadLines(path).Count() > LinesMax).Select(Repository.Relative);
        Assert.Empty(tooLong.Except(LongFiles.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Lines_end_before_the_eye_loses_them()
    {
        var tooLong = Sources(".cs", ".js", ".css", ".razor")
            .GroupBy(path => string.Join('/', Repository.Relative(path).Split('/').Take(2)), path => File.ReadLines(path)
                .Count(line => line.Length > LineLengthMax))
            .Select(project => (Project: project.Key, Count: project.Sum()))
            .Where(project => project.Count > LongLines.GetValueOrDefault(project.Project));
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Types_are_named_for_what_they_are()
    {
        var vague = Sources(".cs").SelectMany(path => VagueType().Matches(File.ReadAllText(path))
            .Select(match => $"{Repository.Relative(path)}: {match.Groups[1].Value}"));
        Assert.Empty(vague);
    }

    [Fact]
    public void Nothing_is_left_to_be_done_later()
    {
        var left = Sources(".cs", ".js", ".css", ".razor", ".sql", ".csproj").Where(path => Path.GetFileName(path) != "TidyTests.cs")
            .Where(path => Scaffolding().IsMatch(File.ReadAllText(path))).Select(Repository.Relative);
        Assert.Empty(left);
    }

    [Fact]
    public void Time_and_chance_come_in_through_the_constructor()
    {
        var direct = Repository.Files("src", ".cs").Where(path => !Repository.Relative(path).StartsWith("src/Cli/", StringComparison.Ordinal))
            .Where(path => TimeOrChance().IsMatch(File.ReadAllText(path))).Select(Repository.Relative);
        Assert.Empty(direct.Except(AskDirectly.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_exception_is_still_needed()
    {
        Assert.All(LongFiles.Keys, path => Assert.True(Lines(path).Length > LinesMax, $"{path} is short enough now"));
        Assert.All(AskDirectly.Keys, path => Assert.True(TimeOrChance().IsMatch(string.Join('\n', Lines(path))), $"{path} no longer asks"));
        return;

        static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Repository.Root, path));
    }

    [Fact]
    public void Projects_use_what_the_arrows_allow()
    {
        foreach (var project in Repository.Files("src", ".csproj"))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.True(Arrows.ContainsKey(name), $"{name} is not in the architecture");
            var uses = XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.All(uses, used => Assert.True(Arrows[name].Contains(used, StringComparer.Ordinal), $"{name} must not use {used}"));
        }
    }

    [Fact]
    public void Every_link_between_documents_leads_somewhere()
    {
        var documents = Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Repository.Files("docs", ".md"));
        foreach (var document in documents)
        {
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
            {
                var target = Uri.UnescapeDataString(link.Groups[1].Value.Split('#')[0]);
                var path = Path.Combine(Path.GetDirectoryName(document)!, target);
                Assert.True(target.Length == 0 || File.Exists(path) || Directory.Exists(path),
                    $"{Repository.Relative(document)} links to {target}, which is not there");
            }
        }
    }

    private static IEnumerable<string> Sources(params string[] extensions) =>
        SourceFolders.SelectMany(folder => Repository.Files(folder, extensions));

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+(?:struct\s+|class\s+)?(\w*(?:Manager|Helper|Util|Utils|Impl|Dto|DTO))\b")]
    private static partial Regex VagueType();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Scaffolding();

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Utc)?Now\b|\bDateTime\.Today\b|\bRandom\.Shared\b|\bnew Random\(")]
    private static partial Regex TimeOrChance();

    [GeneratedRegex(@"(?<!!)\[[^\]\n]*\]\((?!https?:|mailto:)([^)\s]+)\)")]
    private static partial Regex Link();
}
