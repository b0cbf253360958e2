using Remix.Platform.JavaScript;

namespace Remix.Tests.Creations.Scan.JavaScript;

public class JsTokenizerTests
{
    // What acorn itself reads wrongly, or refuses, and a browser does not. Pieces are separated by one space.
    [Theory]
    [InlineData("f = async function(){} / 2 / 1", "f = async function ( ) { } / 2 / 1")]
    [InlineData("while(1) break\n/re/.test(a)", "while ( 1 ) break /re/ . test ( a )")]
    [InlineData("while(1) continue\n/re/.test(a)", "while ( 1 ) continue /re/ . test ( a )")]
    [InlineData("x: for(;;) break x\n/re/.test(a)", "x : for ( ; ; ) break x /re/ . test ( a )")]
    [InlineData("o = { *m() { yield /z/ } }", "o = { * m ( ) { yield /z/ } }")]
    [InlineData("class A { async *function() { yield /f/ } }", "class A { async * function ( ) { yield /f/ } }")]
    [InlineData("a = b ? c => {} : /re/g", "a = b ? c => { } : /re/g")]
    [InlineData("return\n{ a: /x/ }\n/y/", "return { a : /x/ } /y/")]
    [InlineData("x = { a: 1, if: 2 } / 3", "x = { a : 1 , if : 2 } / 3")]
    [InlineData("class A extends {}.b { x = /r/ }", "class A extends { } . b { x = /r/ }")]
    [InlineData("class A extends class {} {} /r/", "class A extends class { } { } /r/")]
    [InlineData("`a${{}}b${`c${1}d`}e`/2", "`a${ { } }b${ `c${ 1 }d` }e` / 2")]
    [InlineData("a?.5:b?.c", "a ? .5 : b ?. c")]
    [InlineData("a = /[/]/ / /\\//", "a = /[/]/ / /\\//")]
    [InlineData("1_0.0_1e+1_0n", "1_0.0_1e+1_0 n")]
    [InlineData("x<!--y\nz-->w", "x z -- > w")]
    public void Reads(string source, string expected) => Assert.Equal(expected, Pieces(source));

    [Theory]
    [InlineData("x<!--y", "x < ! -- y")]
    [InlineData("await /re/", "await /re/")]
    [InlineData("function f() { return await / 2 / 1 }", "function f ( ) { return await / 2 / 1 }")]
    public void Reads_modules(string source, string expected) => Assert.Equal(expected, Pieces(source, JsGoal.Module));

    [Theory]
    [InlineData("\"open")]
    [InlineData("'line\nend'")]
    [InlineData("`open ${ a")]
    [InlineData("/open[/")]
    [InlineData("/* open")]
    [InlineData("§ # \\ \\u{110000} \\u00")]
    [InlineData("\uD800 \uDC00")]
    [InlineData(")]}}}`${}}}")]
    [InlineData("\"\\")]
    [InlineData("'\\\r")]
    public void Rubbish_is_covered_too(string source) => JsProperties.AssertCovers(source);

    [Fact]
    public void Names_are_compared_with_their_escapes_decoded()
    {
        var tokens = JsTokenizer.Read("\\u0065val \\u{65}v\\u{0000061}l 'co\\x6f\\153\\u0069\\\ne' `w\\u{72}ite`");
        Assert.Equal("eval", tokens.NameAt(0));
        Assert.True(tokens.IsName(1, "eval"));
        Assert.Equal("cookie", tokens.LiteralAt(2));
        Assert.Equal("write", tokens.LiteralAt(3));
    }

    [Theory]
    [InlineData("a.eval", 2)]
    [InlineData("({ eval() {} })", 2)]
    [InlineData("class A { static async *eval() {} }", 6)]
    [InlineData("({ get eval() {} })", 3)]
    public void Names_of_properties_are_marked(string source, int index) =>
        Assert.True(JsTokenizer.Read(source)[index].IsProperty);

    [Fact]
    public void Work_grows_with_length_and_no_faster()
    {
        foreach (var unit in (string[])["(", "{", "`${", "/*", "<!--", "\\u{", "\\u{0", "\"", "/[", "a?b:", "\n-->",
            "0_", "=>{", "class "])
        {
            var source = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));
            Assert.InRange(JsTokenizer.Read(source).Steps, 1, 4L * source.Length);
        }
    }

    private static string Pieces(string source, JsGoal goal = JsGoal.Script)
    {
        var tokens = JsTokenizer.Read(source, goal);
        return string.Join(' ', Enumerable.Range(0, tokens.Count).Select(i => tokens.Raw(tokens[i]).ToString()));
    }
}
