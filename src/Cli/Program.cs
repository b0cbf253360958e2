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
catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.SecureConnectionError)
{
    Screen.Problem($"No secure connection: {(failure.InnerException ?? failure).Message}",
        "Is it https that is spoken there? A certificate of your own is trusted by SSL_CERT_FILE=FILE.");
    return ExitCode.Failed;
}
catch (HttpRequestException failure)
{
    Screen.Problem(failure.Message);
    return ExitCode.Failed;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
{
    Screen.Problem(failure.Message);
    return ExitCode.Failed;
}
catch (OperationCanceledException)
{
    return ExitCode.Interrupted;
}
