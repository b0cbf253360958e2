using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Faults;

namespace Remix.Platform.Observability;

/// <summary>A time in which the database cannot be used, as background work meets it: said once when it begins, once when it ends.</summary>
public sealed class Outage(ILogger log, string worker)
{
    private bool lasts;

    /// <summary>Unavailable, or with more writes waiting than it can do.</summary>
    public static bool Is(Exception exception) => DatabaseKind.IsUnavailable(exception) || exception is Fault { Status: 503 };

    public void Met(Exception exception)
    {
        if (!lasts)
        {
            lasts = true;
            log.LogWarning("{Worker} cannot use the database and tries again until it can: {Reason}", worker, exception.Message);
        }
    }

    public void IsOver()
    {
        if (lasts)
        {
            lasts = false;
            log.LogWarning("{Worker} can use the database again", worker);
        }
    }
}
