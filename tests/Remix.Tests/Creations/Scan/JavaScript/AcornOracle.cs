using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Remix.Tests.Creations.Scan.JavaScript;

/// <summary>
/// Runs acorn over the scripts of a dozen npm packages, and hands over the tokens it saw, script by script.
/// </summary>
internal static class AcornOracle
{
    public sealed record Script(string Goal, string Path, List<Piece> Pieces);

    public readonly record struct Piece(string Kind, int Start, int End);

    public static IEnumerable<Script> Scripts(ITestOutputHelper output)
    {
        if (!Directory.Exists(Path.Combine(Folder(), "node_modules")))
        {
            output.WriteLine("node_modules is missing beside the oracle: running npm ci.");
            using var install = Start("npm", "ci --ignore-scripts --no-audit --no-fund");
            while (install.StandardOutput.ReadLine() is { } line) output.WriteLine(line);
            Finish(install);
        }

        using var node = Start("node", "tokens.mjs");
        Script? script = null;
        while (node.StandardOutput.ReadLine() is { } line)
        {
            var words = line.Split(' ', 3);
            if (words[0] is "=")
            {
                if (script is not null) yield return script;
                script = new Script(words[1], words[2], []);
            }
            else if (words.Length == 3) script!.Pieces.Add(new Piece(words[0], int.Parse(words[1]),
                int.Parse(words[2])));
        }
        if (script is not null) yield return script;
        Finish(node);
    }

    private static Process Start(string program, string arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        }) ?? throw new InvalidOperationException($"{program} did not start.");

    private static void Finish(Process process)
    {
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{process.StartInfo.FileName} ended with code {process.ExitCode}.");
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "acorn-oracle");
}
