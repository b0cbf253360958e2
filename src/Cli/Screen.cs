using Spectre.Console;

namespace Remix.Cli;

/// <summary>
/// What people see. On a terminal: colour and bars. In a pipe or in CI: the same words as plain lines, never wrapped,
/// so that an address can be cut out of them. Problems go to standard error.
/// </summary>
internal static class Screen
{
    private static readonly IAnsiConsole Errors = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Error),
        Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect,
    });

    private static bool Lively => AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true };

    public static void Done(string text) => Line("[green]✓[/] ", "ok   ", text);

    public static void Note(string text) => Line("[grey]·[/] ", "     ", text);

    public static void Warning(string text) => Line("[yellow]![/] ", "warn ", text);

    public static void Blank() => Console.WriteLine();

    public static void Fact(string name, string value)
    {
        if (Lively)
        {
            AnsiConsole.MarkupLineInterpolated($"  [grey]{name,-12}[/] [bold]{value}[/]");
        }
        else
        {
            Console.WriteLine($"{name}: {value}");
        }
    }

    public static void Problem(string text, string? hint = null)
    {
        if (!Errors.Profile.Capabilities.Ansi)
        {
            Console.Error.WriteLine($"error: {text}");
            Console.Error.Write(hint is null ? "" : $"hint: {hint}\n");
            return;
        }

        Errors.MarkupLineInterpolated($"[red]✗[/] {text}");
        if (hint is not null)
        {
            Errors.MarkupLineInterpolated($"  [grey]hint[/]  {hint}");
        }
    }

    public static void Misuse(MisuseException misuse) => Problem(misuse.Message, misuse.Hint);

    public static void Refused(RefusedException refused)
    {
        var refusal = refused.Refusal;
        Problem($"{refusal.Error} ({(int)refused.Status}{(refusal.Code is null ? "" : $" {refusal.Code}")})", refusal.Hint);
        foreach (var detail in refusal.DetailLines())
        {
            Console.Error.WriteLine($"  - {detail}");
        }

        if (refusal.FixLine() is { } fix)
        {
            Console.Error.WriteLine($"  fix: {fix}");
        }

        if (refusal.RequestId is { } request)
        {
            Console.Error.WriteLine($"  request {request}");
        }
    }

    /// <summary>
    /// Does work while a bar grows. <paramref name="work"/> reports each piece done; without a total the bar only says that it
    /// goes on.
    /// </summary>
    public static async Task Progress(string title, double? total, Func<Action<double>, Task> work)
    {
        if (!Lively)
        {
            await work(_ => { });
            Done(title);
            return;
        }

        await AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(title), maxValue: Math.Max(total ?? 1, 1));
                bar.IsIndeterminate = total is null;
                await work(bar.Increment);
            });
        Done(title);
    }

    private static void Line(string mark, string plainMark, string text)
    {
        if (Lively)
        {
            AnsiConsole.MarkupLine(mark + Markup.Escape(text));
        }
        else
        {
            Console.WriteLine(plainMark + text);
        }
    }
}
