namespace Remix.Tests.Support;

/// <summary>Waiting for what happens soon, but not at once.</summary>
internal static class Patience
{
    /// <summary>Asks again until the answer fits, for as long as a slow machine may need.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> ask, Func<T, bool> fits, int seconds = 15)
    {
        for (var i = 0; ; i++)
        {
            var answer = await ask();
            if (fits(answer))
            {
                return answer;
            }

            Assert.True(i < seconds * 20, $"It never came: {answer}");
            await Task.Delay(50);
        }
    }
}
