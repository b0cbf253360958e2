using Remix.Platform.Limits;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class PaceTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public void So_much_goes_at_once_and_then_so_much_a_second()
    {
        var pace = new Pace(10, 2, clock);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(TimeSpan.Zero, pace.Take(1)));

        Assert.Equal(TimeSpan.FromSeconds(0.5), pace.Take(1));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Take(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, pace.Take(0));
        Assert.Equal(TimeSpan.FromSeconds(0.5), pace.Take(1));
    }

    [Fact]
    public void What_was_taken_is_forgotten_and_rest_is_not_saved_up()
    {
        var pace = new Pace(10, 2, clock);
        pace.Take(30);
        Assert.False(pace.IsFresh);
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True(pace.IsFresh);
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.Zero, pace.Take(10));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Take(2));
    }
}
