using System.Globalization;
using Remix.JsRuntime.Workers;

namespace Remix.Tests.JsRuntime;

/// <summary>When a worker's time has come.</summary>
public class CronPatternTests
{
    [Theory]
    [InlineData("* * * * *", "2026-01-31T12:00:30", "2026-01-31T12:01:00")]
    [InlineData("*/15 * * * *", "2026-01-31T12:00:00", "2026-01-31T12:15:00")]
    [InlineData("0 0 1 * *", "2026-01-31T23:59:00", "2026-02-01T00:00:00")]
    [InlineData("30 9 * * mon-fri", "2026-01-30T09:30:00", "2026-02-02T09:30:00")]
    [InlineData("0 12 * * SUN", "2026-01-31T00:00:00", "2026-02-01T12:00:00")]
    [InlineData("0 12 * * 7", "2026-01-31T00:00:00", "2026-02-01T12:00:00")]
    [InlineData("5,10 6-8 * mar *", "2026-01-31T00:00:00", "2026-03-01T06:05:00")]
    [InlineData("0 0 29 feb *", "2026-01-01T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("0 0 13 * fri", "2026-02-01T00:00:00", "2026-02-06T00:00:00")]
    [InlineData("10/20 * * * *", "2026-01-31T12:11:00", "2026-01-31T12:30:00")]
    [InlineData("59 23 31 12 *", "2026-12-31T23:59:00", "2027-12-31T23:59:00")]
    public void The_next_minute_is_found(string text, string after, string next)
    {
        Assert.True(CronPattern.TryRead(text, out var pattern, out var problem), problem);
        Assert.Equal(At(next), pattern!.Next(At(after)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("* * * januar *")]
    [InlineData("0 0 30 2 *")]
    [InlineData("1/2/3 * * * *")]
    public void What_is_no_pattern_is_refused_with_words(string text)
    {
        Assert.False(CronPattern.TryRead(text, out _, out var problem));
        Assert.False(string.IsNullOrEmpty(problem));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text + "Z", CultureInfo.InvariantCulture);
}
