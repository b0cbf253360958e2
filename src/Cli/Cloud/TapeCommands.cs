using System.CommandLine;

namespace Remix.Cli.Cloud;

/// <summary><c>remix cloud export, import, clone, install</c>: moving workspaces and packages.</summary>
internal static class TapeCommands
{
    public static Command Export()
    {
        var (workspace, connection) = (Workspace(), new CloudConnection());
        var to = new Option<FileInfo?>("--output", "-o")
        {
            Description = "Where to put the mastertape. Otherwise WORKSPACE.remix",
            HelpName = "FILE",
        };
        var command = new Command("export",
            "Export a workspace as a mastertape: apps, files, the history of all records, permissions; no secrets.") { workspace, to };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var name = parsed.GetRequiredValue(workspace);
            var file = parsed.GetValue(to) ?? new FileInfo($"{name}.remix");
            await connection.Download(parsed, $"/v1/ws/{Uri.EscapeDataString(name)}/export", file, $"Exported {name} to {file}", cancel);
            return ExitCode.Done;
        });
        return command;
    }

    public static Command Import()
    {
        var connection = new CloudConnection();
        var from = new Argument<FileInfo>("file") { Description = "The mastertape" };
        var name = new Option<string?>("--ws") { Description = "The workspace's name. Otherwise the one that the tape says", HelpName = "NAME" };
        var command = new Command("import", "Make a workspace from a mastertape.") { from, name };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var file = parsed.GetRequiredValue(from);
            var query = parsed.GetValue(name) is { } given ? $"?ws={Uri.EscapeDataString(given)}" : "";
            var made = await connection.Upload<MadeWorkspace>(parsed, $"/v1/ws-import{query}", file, $"Sent {file}", cancel);
            Screen.Done($"Made the workspace {made}");
            return ExitCode.Done;
        });
        return command;
    }

    public static Command Clone()
    {
        var (workspace, connection) = (Workspace(), new CloudConnection());
        var name = new Argument<string>("name") { Description = "What the clone is called" };
        var to = new Option<string?>("--to")
        {
            Description = "Another server's address. Otherwise the clone is made beside the workspace",
            HelpName = "URL",
        };
        var toToken = new Option<string?>("--to-token")
        {
            Description = "A token for the other server. Otherwise what 'remix login' kept for it",
            HelpName = "TOKEN",
        };
        var command = new Command("clone", "Clone a workspace, on its server or to another.") { workspace, name, to, toToken };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (source, ws, url) = (parsed.GetRequiredValue(workspace), parsed.GetRequiredValue(name), parsed.GetValue(to));
            var (title, made) = ($"Cloned {source}", default(MadeWorkspace));
            if (url is not null)
            {
                made = await connection.Transfer<MadeWorkspace>(parsed, $"/v1/ws/{Uri.EscapeDataString(source)}/export", url,
                    $"/v1/ws-import?ws={Uri.EscapeDataString(ws)}", parsed.GetValue(toToken), title, cancel);
            }
            else
            {
                await Screen.Progress(title, null, async _ => made = await connection.Post<MadeWorkspace>(parsed,
                    $"/ws-clone/{Uri.EscapeDataString(source)}", new CloneWish(ws), cancel));
            }

            Screen.Done($"Made the workspace {made}{(url is null ? "" : $" at {url}")}");
            return ExitCode.Done;
        });
        return command;
    }

    public static Command Install()
    {
        var connection = new CloudConnection();
        var from = new Argument<FileInfo>("file") { Description = "The package, a .remix file" };
        var name = new Option<string>("--ws") { Description = "The workspace to install it in", HelpName = "NAME", Required = true };
        var command = new Command("install", "Install a package in a workspace.") { from, name };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var file = parsed.GetRequiredValue(from);
            var installed = await connection.Upload<InstalledPackage>(parsed,
                $"/install-remix-file/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}",
                file, $"Sent {file}", cancel);
            foreach (var app in installed.Apps)
            {
                Screen.Done(app.Changed ? $"{app.Name}: {app.RecordsWritten} records, {app.FilesWritten} files written"
                    : $"{app.Name}: nothing has changed");
            }

            foreach (var left in installed.LeftOut)
            {
                Screen.Warning($"Left out {left.Path}: {left.Reason}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> Workspace() => new("workspace") { Description = "The workspace" };
}

internal sealed record MadeWorkspace(string Name, IReadOnlyList<string> Apps)
{
    public override string ToString() => $"{Name} with {Apps.Count} {(Apps.Count == 1 ? "app" : "apps")}";
}

internal sealed record CloneWish(string Ws);

internal sealed record InstalledPackage(IReadOnlyList<InstalledPackageApp> Apps, IReadOnlyList<PackageLeftOut> LeftOut);

internal sealed record InstalledPackageApp(string Name, bool Changed, int RecordsWritten, int FilesWritten);

internal sealed record PackageLeftOut(string Path, string Reason);
