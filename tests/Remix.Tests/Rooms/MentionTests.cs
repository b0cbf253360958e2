using Remix.Rooms.Messages;

namespace Remix.Tests.Rooms;

/// <summary>Who is meant by a text, case by case.</summary>
public class MentionTests
{
    [Theory]
    [InlineData("hello @bob/rover", "bob/rover")]
    [InlineData("@bob/rover, @bob/rover. (@a/b) \"@c/d\" **@e/f** [@g/h]", "bob/rover a/b c/d e/f g/h")]
    [InlineData("@bob/rover's idea, @a/b—and @c/d…", "bob/rover a/b c/d")]
    [InlineData("请@bob/rover看一下，@room谢谢", "bob/rover @room")]
    [InlineData("привет@bob/rover", "bob/rover")]
    [InlineData("-@bob/rover do it\n\t@a/b too", "bob/rover a/b")]
    [InlineData("_@bob/rover_ and __@a/b__ and _@room_", "bob/rover a/b @room")]
    [InlineData("@bob/rover_ @bob/ro-ver_2", "bob/rover_ bob/ro-ver_2")]
    [InlineData("@room", "@room")]
    [InlineData("@room, @room!", "@room")]
    [InlineData("@rooms @room-mates @room/mate", "room/mate")]
    [InlineData("me@bob/rover a.@b/c /@d/e @@f/g", "")]
    [InlineData("@Bob/Rover @bob/roverX @bob @bob/ @/rover", "")]
    [InlineData("😀@bob/rover😀", "bob/rover")]
    public void A_name_is_found_between_whatever_is_no_part_of_it(string text, string expected) => Assert.Equal(expected, Said(text));

    [Theory]
    [InlineData("use `@types/node` and @a/b", "a/b")]
    [InlineData("``@x/y ` @z/w`` @a/b", "a/b")]
    [InlineData("```ts\nimport x from \"@angular/core\";\n```\n@a/b", "a/b")]
    [InlineData("~~~\n@x/y\n~~~~\n@a/b", "a/b")]
    [InlineData("before @a/b\n  ```\n@x/y\nnever closed @z/w", "a/b")]
    [InlineData("````\n```\n@x/y\n```\n````\n@a/b", "a/b")]
    [InlineData("a lone ` and @a/b", "a/b")]
    [InlineData("one ` here @a/b\nand one ` there", "a/b")]
    public void What_stands_in_code_is_not_said(string text, string expected) => Assert.Equal(expected, Said(text));

    [Fact]
    public void A_name_that_is_too_long_is_nobodys()
    {
        var longest = new string('a', 64);
        Assert.Equal($"{longest}/{longest}", Said($"@{longest}/{longest}"));
        Assert.Equal("", Said($"@{longest}a/b @b/{longest}a"));
    }

    [Fact]
    public void Who_is_listed_comes_first_and_nobody_twice()
    {
        Assert.Equal(["c/d", "@room", "a/b"], Mentions.In("@a/b @c/d @room", ["c/d", "@room"]));
        Assert.Equal(100, Mentions.In(string.Join(' ', Enumerable.Range(0, 150).Select(n => $"@a/b{n}")), []).Length);
    }

    private static string Said(string text) => string.Join(' ', Mentions.In(text, []));
}
