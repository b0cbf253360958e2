using System.CommandLine;

namespace Remix.Cli.Cloud;

/// <summary><c>remix cloud pack DIR</c>: makes a .remix package out of an app's folder.</summary>
internal static class PackCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The app's folder, which has an app.json" };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "The package to write; NAME.remix here, unless it is given", HelpName = "FILE" };
        var command = new Command("pack", "Pack an app's folder into a .remix package.") { folder, output };
        command.SetAction(parsed =>
        {
            var app = AppFolder.Open(parsed.GetRequiredValue(folder));
            var file = parsed.GetValue(output) ?? new FileInfo($"{app.Name}.remix");
            var made = Path.Combine(file.DirectoryName!, $".{file.Name}.{Environment.ProcessId}");
            try
            {
                int count;
                using (var stream = File.Create(made))
                {
                    count = app.Pack(stream);
                }

                File.Move(made, file.FullName, overwrite: true);
                Screen.Done($"Packed {app.Name}: {count} files, {file.FullName}");
                Screen.Note($"Install it: curl -H \"$AUTH\" \"$URL/install-remix-file/WS\" --data-binary @{file.Name} -H 'Content-type: application/octet-stream'");
            }
            finally
            {
                File.Delete(made);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
