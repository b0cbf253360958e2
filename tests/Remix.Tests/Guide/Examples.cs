using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Remix.Tests.Guide;

/// <summary>The examples of a page of Markdown, run in one shell, in their order, as they are written.</summary>
internal static partial class Examples
{
    private const string Strict = "set -euo pipefail\ncurl() { command curl --fail-with-body \"$@\"; }\n";

    [GeneratedRegex("^```(?<language>sh|json)\n(?<code>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks { get; }

    /// <summary>Runs them and returns what is wrong: a call that was refused, a field that is shown and not answered.</summary>
    public static async Task<IReadOnlyList<string>> Run(string markdown, string folder, IReadOnlyDictionary<string, string> variables)
    {
        var script = Strict;
        var shown = new List<(int Block, string Json)>();
        var count = 0;
        foreach (Match block in Blocks.Matches(markdown))
        {
            if (block.Groups["language"].Value == "json")
            {
                shown.Add((count, block.Groups["code"].Value));
                continue;
            }

            script += $"{{\n{block.Groups["code"].Value}}} >out-{++count}\n";
        }

        var (code, said) = await Bash(script, folder, variables);
        if (code != 0)
        {
            return [$"block {Directory.GetFiles(folder, "out-*").Length}: {said}{await Last(folder)}"];
        }

        return [.. shown.SelectMany(example => Missing(Answer(Path.Combine(folder, $"out-{example.Block}")),
            JsonDocument.Parse(example.Json).RootElement, "$").Select(field => $"block {example.Block} answers no {field}"))];
    }

    private static async Task<string> Last(string folder)
    {
        var last = Directory.GetFiles(folder, "out-*").MaxBy(File.GetLastWriteTimeUtc);
        return last is null ? "" : await File.ReadAllTextAsync(last);
    }

    /// <summary>The last of the values that a block wrote.</summary>
    private static JsonElement Answer(string path)
    {
        var reader = new Utf8JsonReader(File.ReadAllBytes(path), new JsonReaderOptions { AllowMultipleValues = true });
        var last = default(JsonElement);
        while (reader.Read())
        {
            last = JsonElement.ParseValue(ref reader);
        }

        return last;
    }

    private static IEnumerable<string> Missing(JsonElement answer, JsonElement shown, string at) => shown.ValueKind switch
    {
        JsonValueKind.Object => shown.EnumerateObject().SelectMany(field => answer.ValueKind != JsonValueKind.Object
            || !answer.TryGetProperty(field.Name, out var value) ? [$"{at}.{field.Name}"] : Missing(value, field.Value, $"{at}.{field.Name}")),
        JsonValueKind.Array when shown.GetArrayLength() > 0 => answer.ValueKind != JsonValueKind.Array || answer.GetArrayLength() == 0
            ? [$"{at}[0]"] : Missing(answer[0], shown[0], $"{at}[0]"),
        _ => answer.ValueKind == shown.ValueKind || answer.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
            ? [] : [$"{at} of that kind"],
    };

    private static async Task<(int Code, string Said)> Bash(string script, string folder, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var bash = Process.Start(start)!;
        var (said, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await bash.WaitForExitAsync(patience.Token);
        return (bash.ExitCode, await said + await errors);
    }
}
