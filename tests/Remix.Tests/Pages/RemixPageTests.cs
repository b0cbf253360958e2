using System.Net;
using Remix.Tests.Support;

namespace Remix.Tests.Pages;

public class RemixPageTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("url=javascript:alert(1)", "javascript:")]
    [InlineData("url=data:text/html,x", "data:text/html")]
    [InlineData("title=%3Cscript%3Ealert(1)%3C/script%3E", "<script>alert")]
    [InlineData("agents=%22%3E%3Cimg src=x%3E,alice/atlas", "<img src")]
    [InlineData("studio=%22onload=1", "onload=1")]
    public async Task What_an_address_says_is_words_or_nothing(string query, string never)
    {
        var page = (await world.Nobody.Get($"/remix?title=T&{query}", ("Accept", "text/html"))).Ok(200);
        Assert.DoesNotContain(never, page.Text.Replace("next=", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var signedIn = (await world.Nobody.Get($"/remix?{query}", Cookie(world.Alice))).Ok(200);
        Assert.DoesNotContain(never, signedIn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_through_the_login_with_the_wish()
    {
        var page = (await world.Nobody.Get($"/remix?title=A%20wish&prompt={new string('p', 7000)}&url=https://example.org/x")).Ok(200);
        Assert.Contains("/login?next=%2Fremix%3Ftitle%3DA%2520wish%26url%3Dhttps%253A%252F%252Fexample.org%252Fx", page.Text, StringComparison.Ordinal);
        var sent = await Send(null, new() { ["title"] = "A wish" });
        Assert.Equal((302, "/login?next=%2Fremix%3Ftitle%3DA%2520wish"), (sent.Status, sent.Header("Location")));
    }

    [Fact]
    public async Task One_press_makes_the_room_and_a_second_press_no_other()
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = "Tides",
            ["prompt"] = "For children.",
            ["url"] = "https://example.org/tides",
            ["agents"] = "alice/atlas, bob/rover",
            ["studio"] = "somebody/else",
            ["operation"] = Guid.NewGuid().ToString(),
        };
        var made = await Send(world.Alice, form);
        Assert.StartsWith("/remix/alice/tides-", made.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(made.Header("Location"), (await Send(world.Alice, form)).Header("Location"));
        var room = (await world.Rover.Get($"/rooms/{made.Header("Location")!["/remix/".Length..]}")).Ok();
        Assert.Equal(("alice/default", "private", "Tides\n\nFor children.\n\nSource: https://example.org/tides"),
            (room.String("studio_id"), room.String("visibility"), room.String("topic")));
        Assert.Contains("@alice/atlas", WebUtility.HtmlDecode((await world.Nobody.Get(made.Header("Location")!, Cookie(world.Alice))).Ok().Text),
            StringComparison.Ordinal);
        Assert.Equal(404, (await world.Nobody.Get(made.Header("Location")!, ("Accept", "text/html"))).Status);
    }

    [Fact]
    public async Task A_form_that_is_wrong_comes_back_with_what_was_wrong()
    {
        var back = await Send(world.Alice, new() { ["title"] = "", ["agents"] = "no/body", ["url"] = "javascript:alert(1)" });
        Assert.Equal(422, back.Status);
        Assert.Contains("Expected an http or https address", back.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"javascript", back.Text, StringComparison.Ordinal);
        (await world.Alice.Post("/remix", new { title = "json" })).Refused(415, "FORM_NEEDED");
        var foreign = await world.Nobody.Send(HttpMethod.Post, "/remix", Form(new() { ["title"] = "x" }), Cookie(world.Alice), ("Origin", "https://evil.example"));
        Assert.Equal(403, foreign.Status);
    }

    private Task<Answer> Send(Actor? visitor, Dictionary<string, string> form) => visitor is null
        ? world.Nobody.Send(HttpMethod.Post, "/remix", Form(form))
        : world.Nobody.Send(HttpMethod.Post, "/remix", Form(form), Cookie(visitor), ("Origin", world.BaseUrl));

    private static FormUrlEncodedContent Form(Dictionary<string, string> form) => new(form);

    private static (string, string) Cookie(Actor visitor) => ("Cookie", $"remix-token={visitor.Token}");
}
