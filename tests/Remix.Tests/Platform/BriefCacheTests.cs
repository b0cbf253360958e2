using Remix.Platform.Data;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class BriefCacheTests
{
    private readonly FakeClock clock = new();
    private readonly BriefCache<string, int> cache;

    public BriefCacheTests() => cache = new BriefCache<string, int>(clock, StringComparer.Ordinal);

    [Fact]
    public void What_is_kept_is_good_for_under_a_second()
    {
        cache.Keep("a", 1, cache.Version);
        clock.Advance(TimeSpan.FromMilliseconds(BriefCache<string, int>.KeptMs - 1));
        Assert.True(cache.TryGet("a", out var value));
        Assert.Equal(1, value);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(cache.TryGet("a", out _));
    }

    [Fact]
    public void What_nobody_asks_for_any_more_is_let_go()
    {
        cache.Keep("a", 1, cache.Version);
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.True(cache.Holds("a"));
            clock.Advance(TimeSpan.FromSeconds(1));
            cache.Keep("b", turn, cache.Version);
        }

        Assert.False(cache.Holds("a"));
        Assert.True(cache.TryGet("b", out var value));
        Assert.Equal(1, value);
    }

    [Fact]
    public void What_was_read_before_something_changed_is_not_kept()
    {
        var version = cache.Version;
        cache.Keep("a", 1, version);
        cache.Keep("b", 1, version);
        cache.Forget(key => key == "a");
        cache.Keep("c", 1, version);
        Assert.Equal((false, true, false), (cache.Holds("a"), cache.Holds("b"), cache.Holds("c")));
        cache.Forget();
        Assert.False(cache.Holds("b"));
    }
}
