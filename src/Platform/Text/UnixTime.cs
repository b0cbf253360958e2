namespace Remix.Platform.Text;

/// <summary>Unix milliseconds, the form in which all times are stored, to and from the wire's ISO 8601 in UTC.</summary>
public static class UnixTime
{
    public static long NowMs(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateTime ToTime(this long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime;

    public static DateTime? ToTime(this long? unixMs) => unixMs is { } ms ? ms.ToTime() : null;

    public static string ToIso(this long unixMs) =>
        unixMs.ToTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
}
