using FsCheck;
using FsCheck.Fluent;
using Remix.Platform.JavaScript;

namespace Remix.Tests.Creations.Scan.JavaScript;

/// <summary>What holds for every text, script or not.</summary>
public class JsProperties
{
    private static readonly string[] Scraps =
    [
        "/", "*", "'", "\"", "`", "${", "}", "{", "(", ")", "[", "]", "\\", "\n", "\r\n", "eval", "class ", "function ",
        "=>", "async ", "await ", "yield ", "<!--", "-->", "#", "#!", "\\u{", "\\u0065", "0x", "1e", ".", "?.",
        "\uD83D",
        "\u2028", "\uFEFF", "extends ", "return ", "of ", "let ", "import ", "static ", ":", "?", ";", ",", "é", "\0",
    ];

    [Fact]
    public void Any_text_is_covered() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text => AssertCovers(text ?? "")).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_string_of_scraps_is_covered() => Prop.ForAll(
        Gen.Elements(Scraps).ListOf().Select(string.Concat).ToArbitrary(), AssertCovers)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    internal static void AssertCovers(string source)
    {
        foreach (var goal in Enum.GetValues<JsGoal>())
        {
            var at = 0;
            foreach (var token in JsTokenizer.Read(source, goal).All)
            {
                Assert.True(token.End > token.Start, "an empty token");
                Assert.True(IsSpace(source[at..token.Start]), $"not covered: {source[at..token.Start]}");
                at = token.End;
            }
            Assert.True(at <= source.Length && IsSpace(source[at..]), "the end is not covered");
        }
    }

    private static bool IsSpace(string text) =>
        text.All(c => JsCharacters.IsSpace(c) || JsCharacters.IsLineEnd(c));
}
