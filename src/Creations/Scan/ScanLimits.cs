namespace Remix.Creations.Scan;

/// <summary>Every bound that verification sets, in one place.</summary>
internal static class ScanLimits
{
    /// <summary>index.html with the scripts, styles and images it names itself.</summary>
    public const long PageWeightBytesMax = 2 * 1024 * 1024;

    /// <summary>A script, style sheet or page beyond this is refused unread.</summary>
    public const long TextFileBytesMax = 4 * 1024 * 1024;

    /// <summary>All text files of a creation together.</summary>
    public const long TextBytesMax = 16 * 1024 * 1024;

    public const int HtmlElementsMax = 50_000;
    public const int HtmlDepthMax = 256;
    public const int HtmlAttributesMax = 200;

    public const int SvgElementsMax = 20_000;
    public const int SvgDepthMax = 64;
    public const int SvgReferenceDepthMax = 16;

    /// <summary>Elements drawn once every reference to a symbol, pattern or mask is followed.</summary>
    public const long SvgDrawnMax = 100_000;

    public const long CoverSvgBytesMax = 50 * 1024;
    public const long CoverImageBytesMax = 500 * 1024;

    public const int ZIndexMax = 999;

    /// <summary>Tokens of one declaration that are looked at for its value.</summary>
    public const int CssValueTokensMax = 64;

    /// <summary>Tokens that the safety rules look at inside the arguments of calls, over a whole script.</summary>
    public const int ArgumentTokensMax = 2_000_000;

    public const int ViolationsMax = 50;
    public const int IssuesMax = 50;
}
