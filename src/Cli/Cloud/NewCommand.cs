using System.CommandLine;

namespace Remix.Cli.Cloud;

/// <summary><c>remix cloud new NAME</c>: the folder of an app that packs, installs and runs at once.</summary>
internal static class NewCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The app's name" };
        var folder = new Option<DirectoryInfo?>("--dir")
        {
            Description = "Where to make it; a folder NAME here, unless it is given",
            HelpName = "DIR",
        };
        var command = new Command("new", "Make the folder of a new app, with an agent to begin with.") { name, folder };
        command.SetAction(parsed => Make(parsed.GetRequiredValue(name), parsed.GetValue(folder)));
        return command;
    }

    private static int Make(string name, DirectoryInfo? given)
    {
        AppName.Checked(name, "Choose another one: remix cloud new hello");
        var folder = given ?? new DirectoryInfo(name);
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any())
        {
            throw new MisuseException($"{folder.FullName} is not empty.", "Name another folder with --dir.");
        }

        foreach (var (path, text) in Files(name))
        {
            var file = new FileInfo(Path.Combine(folder.FullName, path));
            file.Directory!.Create();
            File.WriteAllText(file.FullName, text + "\n");
        }

        Screen.Done($"Made {folder.FullName}");
        Screen.Note($"Pack it: remix cloud pack {folder.FullName}");
        return ExitCode.Done;
    }

    private static IEnumerable<(string Path, string Text)> Files(string name) =>
    [
        ("app.json", $$"""
            {
              "id": "{{name}}-{{Guid.NewGuid().ToString("n")[..12]}}",
              "name": "{{name}}",
              "metadata": { "title": "{{name}}" }
            }
            """),
        ("code/greet.js", """
            // An agent: parameters in, results out. Whatever it must remember goes through remix.
            export default async ({ who }, remix) => {
              await remix.db.save({ who }, { recordset: 'greetings' });
              const { count } = await remix.db.head();
              console.log('greeting number', count);
              return { text: `Hello, ${who}!`, count };
            };
            """),
        ("code/greet.json", """
            {
              "name": "greet",
              "description": "Greets somebody, and counts",
              "inParams": [{ "name": "who", "type": "string", "displayName": "Who", "required": true }],
              "outParams": [{ "name": "text", "type": "string" }, { "name": "count", "type": "number" }]
            }
            """),
        ("README.md", $$"""
            # {{name}}

            ```sh
            remix cloud pack . -o {{name}}.remix
            curl -H "$AUTH" "$URL/install-remix-file/WS" --data-binary @{{name}}.remix -H 'Content-type: application/octet-stream'
            curl -H "$AUTH" "$URL/run-agent/WS/{{name}}/greet" -d '{"who": "you"}'
            ```
            """),
    ];
}
