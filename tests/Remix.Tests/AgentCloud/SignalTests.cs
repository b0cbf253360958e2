using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

public class SignalTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Theory]
    [InlineData("""{"my":"arg"}""", "application/x-www-form-urlencoded")]
    [InlineData("""[1,2,{"deep":[null]}]""", "application/json")]
    [InlineData("\"text\"", null)]
    [InlineData("42", "application/json")]
    [InlineData("null", "application/json")]
    public async Task A_value_sent_first_is_there_for_who_comes_later(string json, string? type)
    {
        var url = await NewSignal();
        (await cloud.Bob.Post(url, Actor.Bytes(System.Text.Encoding.UTF8.GetBytes(json), type))).Ok();
        for (var i = 0; i < 2; i++)
        {
            var heard = (await cloud.Alice.Get(url)).Ok();
            Assert.Equal("{tag}case:ok", heard.String("_rmx_type"));
            Assert.Equal(json, heard["_rmx_value"].GetRawText());
        }
    }

    [Fact]
    public async Task Who_waits_hears_at_once()
    {
        var url = await NewSignal();
        var waiting = Enumerable.Range(0, 5).Select(_ => cloud.Alice.Get(url)).ToArray();
        await Task.Delay(200);
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        var sent = System.Diagnostics.Stopwatch.StartNew();
        (await cloud.Bob.Post(url, new { answer = 1 })).Ok();
        Assert.All(await Task.WhenAll(waiting), heard => Assert.Equal(1, heard.Ok()["_rmx_value"].GetProperty("answer").GetInt32()));
        Assert.InRange(sent.ElapsedMilliseconds, 0, 1500);
    }

    [Fact]
    public async Task One_value_is_taken_and_no_other()
    {
        var url = await NewSignal();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => cloud.Bob.Post(url, new { n })));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.RefusedByCloud(409, "SIGNAL_SENT"));
        (await cloud.Bob.Delete(url)).RefusedByCloud(409, "SIGNAL_SENT");
        var winner = Array.FindIndex(answers, answer => answer.Status == 200);
        Assert.Equal(winner, (await cloud.Alice.Get(url)).Ok()["_rmx_value"].GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_canceled_signal_says_so()
    {
        var url = await NewSignal();
        var waiting = cloud.Alice.Get(url);
        await Task.Delay(100);
        (await cloud.Bob.Delete(url)).Ok();
        var heard = (await waiting).Ok();
        Assert.Equal(("{tag}case:error", "canceled"), (heard.String("_rmx_type"), heard.String("_rmx_value")));
        (await cloud.Bob.Post(url, new { })).RefusedByCloud(409, "SIGNAL_CANCELED");
        (await cloud.Bob.Delete(url)).RefusedByCloud(409, "SIGNAL_CANCELED");
    }

    [Fact]
    public async Task Waiting_has_an_end()
    {
        var url = await NewSignal();
        var heard = (await cloud.Alice.Get($"{url}?timeout=150")).Ok();
        Assert.Equal(("{tag}case:error", "timeout"), (heard.String("_rmx_type"), heard.String("_rmx_value")));
        (await cloud.Bob.Post(url, new { })).Ok();
        Assert.Equal("{tag}case:ok", (await cloud.Alice.Get(url)).Ok().String("_rmx_type"));
        (await cloud.Alice.Get($"{url}?timeout=300001")).InvalidForCloud("timeout");
        (await cloud.Alice.Get($"{url}?timeout=-1")).InvalidForCloud("timeout");
    }

    [Fact]
    public async Task Without_a_word_one_waits_three_hundred_seconds()
    {
        var clock = new FakeClock();
        await using var world = await World.Start(null, services => services.Replace(clock));
        var alice = world.OnCloud(world.Alice);
        var url = (await alice.Post("/v1/signals")).Ok().String("url");
        var waiting = alice.Get(url);
        for (var waited = 0; waited < 298; waited += 2)
        {
            await Task.Delay(10);
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.False(waiting.IsCompleted);
        for (var i = 0; i < 200 && !waiting.IsCompleted; i++)
        {
            await Task.Delay(20);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("timeout", (await waiting).Ok().String("_rmx_value"));
    }

    [Fact]
    public async Task Only_who_shows_a_token_and_knows_the_address_may()
    {
        var url = await NewSignal();
        (await cloud.Nobody.Post("/v1/signals")).RefusedByCloud(401, "TOKEN_MISSING");
        (await cloud.Nobody.Get(url)).RefusedByCloud(401, "TOKEN_MISSING");
        (await cloud.Nobody.Post(url, new { })).RefusedByCloud(401, "TOKEN_MISSING");
        (await cloud.Nobody.Delete(url)).RefusedByCloud(401, "TOKEN_MISSING");
        foreach (var other in new[] { url[..^1] + (url[^1] == '0' ? '1' : '0'), "/v1/signals/x", "/v1/signals/%27" })
        {
            (await cloud.Alice.Get(other)).RefusedByCloud(404, "NOT_FOUND");
            (await cloud.Alice.Post(other, new { })).RefusedByCloud(404, "NOT_FOUND");
            (await cloud.Alice.Delete(other)).RefusedByCloud(404, "NOT_FOUND");
        }
    }

    [Theory]
    [InlineData("", "MALFORMED_JSON")]
    [InlineData("{", "MALFORMED_JSON")]
    [InlineData("1} , {\"a\":1", "MALFORMED_JSON")]
    [InlineData("answer=1", "MALFORMED_JSON")]
    [InlineData("\"\\u0000\"", "VALIDATION_FAILED")]
    [InlineData("\"\\ud800\"", "VALIDATION_FAILED")]
    public async Task What_is_no_value_is_refused_and_the_signal_waits_on(string body, string code)
    {
        var url = await NewSignal();
        (await cloud.Bob.Post(url, Actor.Json(body))).RefusedByCloud(400, code);
        Assert.Equal("timeout", (await cloud.Alice.Get($"{url}?timeout=0")).Ok().String("_rmx_value"));
    }

    [Fact]
    public async Task A_value_has_a_size()
    {
        var url = await NewSignal();
        (await cloud.Bob.Post(url, Actor.Json(JsonSerializer.Serialize(new string('x', 1024 * 1024))))).RefusedByCloud(413, "PAYLOAD_TOO_LARGE");
        (await cloud.Bob.Post(url, Actor.Json(JsonSerializer.Serialize(new string('x', 1024 * 1024 - 2))))).Ok();
    }

    [Fact]
    [Trait(TestDatabase.Only, "postgres")]
    public async Task What_is_sent_on_one_node_is_heard_on_another()
    {
        await using var world = await World.Start();
        await using var second = await world.StartSecondNode();
        var url = (await world.OnCloud(world.Alice).Post("/v1/signals")).Ok().String("url");
        var waiting = world.OnCloud(world.Alice).Get(url);
        await Task.Delay(200);
        (await second.OnCloud(second.Bob).Post(url, new { answer = 1 })).Ok();
        Assert.Equal(1, (await waiting).Ok()["_rmx_value"].GetProperty("answer").GetInt32());
    }

    private async Task<string> NewSignal() => (await cloud.Alice.Post("/v1/signals")).Ok().String("url");
}
