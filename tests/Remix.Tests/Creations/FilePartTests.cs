using Remix.Tests.Support;

namespace Remix.Tests.Creations;

/// <summary>Parts of published files: what players of sound and video ask for.</summary>
public class FilePartTests(World world) : IClassFixture<World>, IAsyncLifetime
{
    private static readonly string Script = string.Concat(Enumerable.Repeat("export const tide = 'high';\n", 200));

    private string id = "";

    public async ValueTask InitializeAsync()
    {
        var folder = await world.Atlas.Fill(World.Lab);
        (await world.Atlas.Upload(World.Lab, $"{folder}/app.js", Script)).Ok();
        (await world.Atlas.Upload(World.Lab, $"{folder}/big.bin", [.. Enumerable.Range(0, 400_000).Select(i => (byte)(i % 251))])).Ok();
        id = (await world.Atlas.Submit(World.Lab, folder)).Ok(201).Id();
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("bytes=0-4", 0, 5)]
    [InlineData("bytes=100-199", 100, 100)]
    [InlineData("bytes=399990-", 399_990, 10)]
    [InlineData("bytes=-10", 399_990, 10)]
    [InlineData("bytes=399990-999999999", 399_990, 10)]
    public async Task A_part_can_be_asked_for(string range, int start, int length)
    {
        var whole = (await world.Visit(id, "/big.bin")).Ok().Bytes;
        var part = (await world.Visit(id, "/big.bin", ("Range", range), ("Accept-Encoding", "br"))).Ok(206);
        Assert.Equal(whole[start..(start + length)], part.Bytes);
        Assert.Equal($"bytes {start}-{start + length - 1}/400000", part.Header("Content-Range"));
        Assert.Contains("sandbox", part.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_is_not_there_is_refused_and_of_another_version_the_whole_is_sent()
    {
        foreach (var range in new[] { "bytes=400000-", "bytes=500000-600000", "bytes=-0" })
        {
            var refused = await world.Visit(id, "/big.bin", ("Range", range));
            Assert.Equal((416, 0), (refused.Status, refused.Bytes.Length));
            Assert.Equal("bytes */400000", refused.Header("Content-Range"));
            Assert.Equal("no-store", refused.Header("Cache-Control"));
        }

        Assert.Equal(400_000, (await world.Visit(id, "/big.bin", ("Range", "bytes=0-4"), ("If-Range", "\"other\""))).Ok(200).Bytes.Length);
        var tag = (await world.Visit(id, "/big.bin")).Header("ETag")!;
        Assert.Equal(5, (await world.Visit(id, "/big.bin", ("Range", "bytes=0-4"), ("If-Range", tag))).Ok(206).Bytes.Length);
        Assert.Equal(400_000, (await world.Visit(id, "/big.bin", ("Range", "lines=1-2"))).Ok(200).Bytes.Length);
        Assert.Equal(Script[3..6], (await world.Visit(id, "/app.js", ("Range", "bytes=3-5"), ("Accept-Encoding", "br"))).Ok(206).Text);
    }

    [Theory]
    [InlineData("bytes=0-0,2-3")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=--5")]
    [InlineData("bytes=1-2-3")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0-99999999999999999999")]
    public async Task Parts_that_are_several_or_make_no_sense_are_answered_with_the_whole(string range) =>
        Assert.Equal(400_000, (await world.Visit(id, "/big.bin", ("Range", range))).Ok(200).Bytes.Length);
}
