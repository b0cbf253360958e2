using Remix.Tests.Support;

namespace Remix.Tests.Creations;

/// <summary>What is done to a page when it is published, and its cover on our own origin.</summary>
public class PageAndCoverTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_byte_order_mark_does_not_end_up_inside_the_page()
    {
        var made = await world.Atlas.Publish(World.Lab, null, null, "\uFEFF" + Making.Page);
        var page = (await world.Visit(made.Id())).Ok().Text;
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFEFF', page);
    }

    [Theory]
    [InlineData("<p>Only a sentence</p>")]
    [InlineData("\uFEFF<p>Only a sentence</p>")]
    [InlineData("<body><p>Only a sentence</p></body>")]
    public async Task A_page_without_a_head_begins_with_the_bridge(string content)
    {
        var folder = await world.Atlas.Fill(World.Lab, page: content);
        var made = (await world.Atlas.Submit(World.Lab, folder)).Ok(201);
        if (made.String("status") == "pending_review")
        {
            (await world.Atlas.Post($"/creations/{made.Id()}/publish")).Ok();
        }

        Assert.StartsWith("<script>(() => {", (await world.Visit(made.Id())).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cover_is_a_picture_on_our_own_origin()
    {
        var made = await world.Atlas.Publish(World.Lab);
        var cover = (await world.Nobody.Get($"/creations/{made.Id()}/thumbnail.svg")).Ok();
        Assert.Equal(Making.Cover, cover.Text);
        Assert.Equal("image/svg+xml; charset=utf-8", cover.Header("Content-Type"));
        Assert.Equal("public, max-age=31536000, immutable", cover.Header("Cache-Control"));
        Assert.EndsWith("sandbox", cover.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", cover.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(304, (await world.Nobody.Get($"/creations/{made.Id()}/thumbnail.svg", ("If-None-Match", cover.Header("ETag")!))).Status);
        (await world.Nobody.Get($"/creations/{Guid.NewGuid()}/thumbnail.svg")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_cover_of_another_format_is_sent_as_what_it_is()
    {
        var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        var folder = await world.Atlas.Fill(World.Lab, cover: null);
        (await world.Atlas.Upload(World.Lab, $"{folder}/images/cover.png", png)).Ok();
        var made = (await world.Atlas.Submit(World.Lab, folder, new() { ["cover"] = "images/cover.png" })).Ok(201);
        Assert.True(made.String("status") == "published", made.ToString());
        var cover = (await world.Nobody.Get($"/creations/{made.Id()}/thumbnail.svg")).Ok();
        Assert.Equal("image/png", cover.Header("Content-Type"));
        Assert.Equal(png, cover.Bytes);
    }
}
