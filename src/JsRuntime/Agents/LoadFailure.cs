using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Remix.JsRuntime.Agents;

/// <summary>What the tenant's process says when it cannot load an agent's code, or gives its call up.</summary>
internal static partial class LoadFailure
{
    public static JsError Read(string text)
    {
        if (text.StartsWith('{'))
        {
            return JsonSerializer.Deserialize<JsError>(text, AgentJson.Options)!;
        }

        if (text.Contains("would never generate a response", StringComparison.Ordinal))
        {
            return new JsError("Error", "The agent waits for what can never come: no timer, no fetch and no call of remix is under way", "");
        }

        if (Uncaught().Match(text) is not { Success: true } match)
        {
            return new JsError("Error", text.Length == 0 ? "The code cannot be loaded" : text, "");
        }

        var (name, message) = (match.Groups["name"].Value, match.Groups["message"].Value);
        var stack = $"{name}: {message}";
        if (match.Groups["line"].Success)
        {
            // Each of the author's files has a line of ours before its first.
            var line = Math.Max(1, int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture) - 1);
            // Where there is no stack yet, the engine counts columns from 0.
            var column = int.Parse(match.Groups["column"].Value, CultureInfo.InvariantCulture) + (name == "SyntaxError" ? 1 : 0);
            stack += string.Create(CultureInfo.InvariantCulture, $"\n    at {match.Groups["file"].Value}:{line}:{column}");
        }

        return new JsError(name, message, stack);
    }

    [GeneratedRegex(@"Uncaught (?<name>\w+): (?<message>[^\n]*)(?:\n\s*at (?<file>[^\s:]+):(?<line>\d{1,8}):(?<column>\d{1,8}))?",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Uncaught();
}
