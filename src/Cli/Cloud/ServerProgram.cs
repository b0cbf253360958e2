using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Remix.Cli.Cloud;

/// <summary>
/// The server's program, which the client starts and does not contain. Looked for where <c>REMIX_SERVER_DLL</c> says, beside
/// the client, and in the checkout that the client was built in.
/// </summary>
internal static partial class ServerProgram
{
    public const string CloudAlone = "--cloud-alone";

    private const string FileName = "Remix.Server.dll";
    private const int SigTerm = 15;

    /// <summary>Runs it in this terminal until it ends; who ends the client ends it. Returns its exit code.</summary>
    public static async Task<int> Run(IEnumerable<string> args)
    {
        using var server = Process.Start(new ProcessStartInfo("dotnet", [Find(), .. args]) { UseShellExecute = false })
            ?? throw new MisuseException("The server's program does not start.", "Is dotnet on the PATH?");

        // Ctrl-C reaches both by itself; what is sent to the client alone is passed on.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            if (!server.HasExited)
            {
                _ = Kill(server.Id, SigTerm);
            }
        });
        await server.WaitForExitAsync();
        return server.ExitCode;
    }

    private static string Find()
    {
        var named = Environment.GetEnvironmentVariable("REMIX_SERVER_DLL");
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named) ? named : throw new MisuseException($"REMIX_SERVER_DLL is '{named}': there is no such file.",
                "Name the server's " + FileName);
        }

        return Places().FirstOrDefault(File.Exists)
            ?? throw new MisuseException($"The server's program, {FileName}, is not here.",
                "Build it with bin/run --build, or name it in REMIX_SERVER_DLL");
    }

    private static IEnumerable<string> Places()
    {
        yield return Path.Combine(AppContext.BaseDirectory, FileName);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "server", FileName);
            yield return Path.Combine(folder.FullName, "artifacts", "server", FileName);
            yield return Path.Combine(folder.FullName, "artifacts", "bin", "Server", "release", FileName);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
