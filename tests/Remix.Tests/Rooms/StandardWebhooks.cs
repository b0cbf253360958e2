using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

/// <summary>Asks the library of Standard Webhooks whether a delivery is signed as it should be.</summary>
internal static class StandardWebhooks
{
    private static readonly Lock Gate = new();

    /// <summary><c>ok</c>, or what the library found wrong.</summary>
    public static string Verify(string secret, Receiver.Call call)
    {
        lock (Gate)
        {
            if (!Directory.Exists(Path.Combine(Folder(), "node_modules")))
            {
                Run("npm", "ci --ignore-scripts --no-audit --no-fund --loglevel error", "");
            }
        }

        return Run("node", "verify.mjs", JsonSerializer.Serialize(new { secret, body = call.Body, headers = call.Headers })).Trim();
    }

    private static string Run(string program, string arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder(),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments} ended with {process.ExitCode}");
        return output;
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "standard-webhooks");
}
