using Microsoft.Extensions.Logging;
using Remix.Platform.Settings;

namespace Remix.Platform.Observability;

/// <summary>What is logged, and in which form: lines for people, or JSON for those who gather it.</summary>
internal static class LogOutput
{
    public static void Configure(ILoggingBuilder logging, RemixSettings settings, Func<bool> hasStarted)
    {
        logging.SetMinimumLevel(Enum.Parse<LogLevel>(settings.LogLevel, ignoreCase: true));
        logging.AddFilter("Microsoft.EntityFrameworkCore.Model", LogLevel.Error);

        // With this category on, ASP.NET makes an Activity and a log scope for every request, and keeps it as long as a socket.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // A start that fails ends with a sentence that says why; the host would put stack traces before it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && hasStarted());
        logging.AddFilter("Microsoft", settings.LogLevel is "trace" ? LogLevel.Trace : LogLevel.Warning);

        // It calls every taken name an error. What is one reaches the caller as an exception, and is logged there.
        logging.AddFilter("Microsoft.EntityFrameworkCore", settings.LogLevel is "trace" ? LogLevel.Trace : LogLevel.None);
        _ = settings.LogFormat == "json"
            ? logging.AddJsonConsole(console => console.UseUtcTimestamp = true)
            : logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
            });
    }
}
