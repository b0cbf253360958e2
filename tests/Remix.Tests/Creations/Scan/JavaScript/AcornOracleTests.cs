using System.Text;
using Remix.Platform.JavaScript;

namespace Remix.Tests.Creations.Scan.JavaScript;

/// <summary>Our tokenizer against acorn, token by token, over thousands of scripts that people really ship.</summary>
public class AcornOracleTests(ITestOutputHelper output)
{
    private const int ScriptsMin = 1_000;

    [Fact]
    public void Every_script_of_the_packages_has_the_tokens_that_acorn_sees()
    {
        var (scripts, tokens, wrong, own) = (0, 0L, new List<string>(), 0);
        foreach (var script in AcornOracle.Scripts(output))
        {
            scripts++;
            tokens += script.Pieces.Count;
            if (Path.GetFileName(script.Path).StartsWith("tricky-", StringComparison.Ordinal)) own++;
            if (FirstDifference(script) is { } difference) wrong.Add(difference);
        }

        output.WriteLine($"{scripts} scripts, {tokens} tokens, {wrong.Count} scripts differ.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.Equal(2, own);
        Assert.InRange(scripts, ScriptsMin, int.MaxValue);
    }

    private static string? FirstDifference(AcornOracle.Script script)
    {
        var source = Encoding.UTF8.GetString(File.ReadAllBytes(script.Path));
        var goal = script.Goal is "module" ? JsGoal.Module : JsGoal.Script;
        var ours = JsTokenizer.Read(source, goal);
        for (var i = 0; i < Math.Max(ours.Count, script.Pieces.Count); i++)
        {
            var mine = i < ours.Count ? $"{ours[i].Kind} {ours[i].Start} {ours[i].End}" : "the end";
            var theirs = i < script.Pieces.Count
                ? $"{script.Pieces[i].Kind} {script.Pieces[i].Start} {script.Pieces[i].End}" : "the end";
            if (string.Equals(mine, theirs, StringComparison.Ordinal)) continue;

            var start = i < script.Pieces.Count ? script.Pieces[i].Start : ours[i].Start;
            var line = source.AsSpan(0, start).Count('\n') + 1;
            var near = source[Math.Max(0, start - 30)..Math.Min(source.Length, start + 30)].ReplaceLineEndings("⏎");
            return $"{script.Path}:{line} acorn: {theirs}, ours: {mine}, near: {near}";
        }
        return null;
    }
}
