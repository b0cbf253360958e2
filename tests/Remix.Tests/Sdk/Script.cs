using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Remix.Tests.Sdk;

/// <summary>Runs the scripts beside this file, by Python or Node as their names end.</summary>
internal static class Script
{
    private static readonly Lazy<string> Python = new(FindPython);

    /// <summary>What the script printed; fails with what it complained of.</summary>
    public static async Task<string> Run(string script, string input, params string[] arguments)
    {
        var program = script.EndsWith(".py", StringComparison.Ordinal) ? Python.Value : "node";
        using var process = Process.Start(new ProcessStartInfo(program, [script, .. arguments])
        {
            WorkingDirectory = Folder(),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{script} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return (await output).Trim();
    }

    /// <summary>One that has the package it needs: the first on the path may be another than the system's own.</summary>
    private static string FindPython() => new[] { "python3", "/usr/bin/python3" }.First(python =>
    {
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import cryptography"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        });
        process!.WaitForExit();
        return process.ExitCode == 0;
    });

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
