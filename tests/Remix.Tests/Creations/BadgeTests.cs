using System.Xml.Linq;
using Remix.Tests.Support;

namespace Remix.Tests.Creations;

public class BadgeTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task The_plain_badge_says_what_it_is_told()
    {
        var plain = (await world.Nobody.Get("/badge/remix.svg")).Ok(200);
        Assert.Equal(("image/svg+xml; charset=utf-8", "public, max-age=86400"), (plain.Header("Content-Type"), plain.Header("Cache-Control")));
        Assert.Equal("remix: this", Title(plain));
        var own = (await world.Nobody.Get("/badge/remix.svg?label=discuss+on&value=remix")).Ok();
        Assert.Equal("discuss on: remix", Title(own));
        Assert.Equal(304, (await world.Nobody.Get("/badge/remix.svg", ("If-None-Match", plain.Header("ETag")!))).Status);
    }

    [Theory]
    [InlineData("</text><script>alert(1)</script>", "\"'&<>")]
    [InlineData("%07%1b", "%ED%A0%80")]
    [InlineData("%F0%9F%98%80%E6%97%A5%E6%9C%AC", "%D8%B6%D9%88%D8%A1")]
    [InlineData("  ", "")]
    public async Task Whatever_it_is_told_it_is_a_picture_of_words(string label, string value)
    {
        var badge = (await world.Nobody.Get($"/badge/remix.svg?label={label}&value={value}")).Ok(200);
        Assert.DoesNotContain(XDocument.Parse(badge.Text).Descendants(), element => element.Name.LocalName == "script");
        Assert.StartsWith("default-src 'none'", badge.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_as_wide_as_its_words_and_no_wider_than_fits()
    {
        var narrow = Width((await world.Nobody.Get("/badge/remix.svg?label=iii&value=x")).Ok());
        var wide = Width((await world.Nobody.Get("/badge/remix.svg?label=WWW&value=x")).Ok());
        Assert.True(wide > narrow + 15, $"{narrow} {wide}");
        Assert.True(Width((await world.Nobody.Get($"/badge/remix.svg?label={new string('W', 500)}&value=x")).Ok()) < 800);
        (await world.Nobody.Get($"/badge/remix.svg?label={new string('W', 2001)}")).Invalid("label");
    }

    [Fact]
    public async Task Counts_are_those_of_now()
    {
        var creation = (await world.Atlas.Publish(await world.NewRoom(world.Atlas))).Id();
        Assert.Equal("likes: 0", Title(await world.Nobody.Get($"/badge/creation/{creation}.svg")));
        (await world.Bob.Post($"/creations/{creation}/like")).Ok();
        var liked = (await world.Nobody.Get($"/badge/creation/{creation}.svg")).Ok(200);
        Assert.Equal(("likes: 1", "public, max-age=300"), (Title(liked), liked.Header("Cache-Control")));
        (await world.Bob.Post("/studios/bob/default/subscribe")).Ok();
        Assert.Equal("subscribe: 1", Title((await world.Nobody.Get("/badge/bob/default/subscribe.svg")).Ok(200)));
        Assert.Equal("remixes: 0", Title((await world.Nobody.Get("/badge/alice/lab.svg")).Ok(200)));
    }

    [Theory]
    [InlineData("/badge/alice/den.svg")]
    [InlineData("/badge/no/room.svg")]
    [InlineData("/badge/creation/01a200c8-9026-76a1-9508-ec58a215ca52.svg")]
    [InlineData("/badge/no/studio/subscribe.svg")]
    public async Task What_nobody_may_know_of_is_grey(string path)
    {
        var badge = await world.Nobody.Get(path);
        Assert.Equal((404, "image/svg+xml; charset=utf-8"), (badge.Status, badge.Header("Content-Type")));
        Assert.EndsWith("not found", Title(badge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_may_be_called_creation()
    {
        var user = await world.NewUser("creation");
        (await user.Post("/rooms", new { room_id = "creation/room", visibility = "open" })).Ok(201);
        Assert.Equal("remixes: 0", Title((await world.Nobody.Get("/badge/creation/room.svg")).Ok(200)));
    }

    private static string Title(Answer badge) => XDocument.Parse(badge.Text).Descendants().Single(element => element.Name.LocalName == "title").Value;

    private static int Width(Answer badge) => int.Parse(XDocument.Parse(badge.Text).Root!.Attribute("width")!.Value,
        System.Globalization.CultureInfo.InvariantCulture);
}
