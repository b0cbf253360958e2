using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

/// <summary>Which names files may have, however they are spelt in an address.</summary>
public class FilePathTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("../den/x")]
    [InlineData("a/../../x")]
    [InlineData("..%2f..%2fx")]
    [InlineData("%2e%2e/%2e%2e/x")]
    [InlineData("%2e%2e%2fx")]
    [InlineData("..%5c..%5cx")]
    [InlineData("..\\..\\x")]
    [InlineData("%252e%252e%252fx")]
    [InlineData("....//x")]
    [InlineData("a//b")]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("a/./b")]
    [InlineData("a/%2e/b")]
    [InlineData("a/")]
    [InlineData("C:%5Cx")]
    [InlineData("C:x")]
    [InlineData("a%00b")]
    [InlineData("a%0ab")]
    [InlineData("a%7fb")]
    [InlineData("a*b")]
    [InlineData("%3Fx")]
    [InlineData("%ff%fe")]
    [InlineData("%c0%ae%c0%ae/x")]
    [InlineData("%e0%80%af")]
    [InlineData("%u002e%u002e/x")]
    [InlineData("%20x")]
    [InlineData("x%20")]
    [InlineData("%zz")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a/..")]
    public async Task No_spelling_leads_out_of_the_tree(string path)
    {
        var room = await world.NewRoom(world.Atlas);
        var outside = Directory.EnumerateFiles(world.Settings.DataDirectory, "*", SearchOption.TopDirectoryOnly).ToList();
        var status = await RawHttp.Status(world, $"PUT /rooms/{room}/files/{path} HTTP/1.1\r\nHost: localhost\r\n"
            + $"Authorization: Bearer {world.Atlas.Token}\r\n"
            + "Content-Length: 1\r\nConnection: close\r\n\r\nx");

        // Some are cleaned up before they are looked at, and are then plain names; the rest is refused. A crash is neither.
        Assert.True(status is 201 or 400 or 404 or 405, $"{status}");
        Assert.Equal(outside.Count, Directory.EnumerateFiles(world.Settings.DataDirectory, "*", SearchOption.TopDirectoryOnly).Count());
        foreach (var stored in Paths(await world.Atlas.Get($"/rooms/{room}/files")))
        {
            Assert.DoesNotContain(stored.Split('/'), segment => segment is "" or "." or "..");
            Assert.DoesNotContain('\\', stored);
            Assert.DoesNotContain("%2f", stored, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("%C2%A0x")]
    [InlineData("x%E3%80%80")]
    [InlineData("%E2%80%AEgnp.exe")]
    [InlineData("a%E2%80%8Bb")]
    [InlineData("a%E2%80%A8b")]
    [InlineData("%EF%BB%BFx")]
    [InlineData("%EF%BF%BE")]
    public async Task A_name_can_be_seen(string path)
    {
        var room = await world.NewRoom(world.Atlas);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            (await world.Atlas.Send(method, $"/rooms/{room}/files/{path}", Actor.Bytes([1], null))).Refused(400, "INVALID_PATH");
        }

        (await world.Atlas.Post($"/rooms/{room}/upload-url", new { path = Uri.UnescapeDataString(path) })).Invalid("path");
    }

    [Fact]
    public async Task Names_have_a_length_and_a_depth()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, new string('a', 200), "x")).Ok();
        (await world.Atlas.Upload(room, new string('a', 201), "x")).Refused(400, "INVALID_PATH");
        (await world.Atlas.Upload(room, Uri.EscapeDataString(new string('é', 101)), "x")).Refused(400, "INVALID_PATH");
        (await world.Atlas.Upload(room, string.Join('/', Enumerable.Repeat("a", 21)), "x")).Refused(400, "INVALID_PATH");
        (await world.Atlas.Upload(room, string.Join('/', Enumerable.Repeat("abcdefghijklmnopqrstuvwxyzabcdefgh", 15)), "x"))
            .Refused(400, "INVALID_PATH");
    }

    [Theory]
    [InlineData("späte Übung ñ 日本 😀.txt")]
    [InlineData("100%.txt")]
    [InlineData("a+b&c=d;e,f.txt")]
    [InlineData("it's (1) [2] {3} #4.txt")]
    [InlineData(".hidden")]
    [InlineData("..two-dots")]
    [InlineData("...")]
    public async Task Unusual_names_are_names(string path)
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, Uri.EscapeDataString(path), "x")).Ok(201);
        Assert.Equal([path], Paths(await world.Atlas.Get($"/rooms/{room}/files")));
        Assert.Equal("x", (await world.Atlas.Get($"/rooms/{room}/files/{Uri.EscapeDataString(path)}")).Ok().Text);
    }

    private static IEnumerable<string> Paths(Answer answer) => answer.Ok().Items.Select(file => file.GetProperty("path").GetString()!);
}
