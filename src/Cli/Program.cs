using System.CommandLine;
using Remix.Cli;
using Remix.Cli.Cloud;

var root = new RootCommand("Talk to a Remix server: publish a folder as a creation, or see the whole journey once.")
{
    DemoCommand.Create(),
    PublishCommand.Create(),
    LoginCommand.Create(),
    StatusCommand.Create(),
    CloudCommand.Create(),
};

try
{
    var parsed = root.Parse(args);
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? ExitCode.Misused : code;
}
catch (MisuseException misuse)
{
    Screen.Misuse(misuse);
    return ExitCode.Misused;
}
catch (RefusedException refused)
{
    Screen.Refused(refused);
    return ExitCode.Failed;
}
catch (HttpRequestException failure)
{
    Screen.Problem(failure.Message);
    return ExitCode.Failed;
}
catch (OperationCanceledException)
{
    return ExitCode.Interrupted;
}
