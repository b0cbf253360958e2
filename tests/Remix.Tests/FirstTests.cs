namespace Remix.Tests;

public class FirstTests
{
    [Fact]
    public void It_builds() => Assert.True(true);
}
