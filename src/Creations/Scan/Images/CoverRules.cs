using System.Globalization;

namespace Remix.Creations.Scan.Images;

/// <summary>
/// The cover must exist, be of the kind its name says, and keep to its size in bytes; a shape other than the feed's
/// (375×900, or 750×1800 in pixels) is an issue, since it only looks worse.
/// </summary>
internal static class CoverRules
{
    private const double ShapeTolerance = 0.02;
    private const double Shape = 375.0 / 900;
    private const int WidthPx = 750;
    private const int HeightPx = 1800;

    public static void Scan(ScanSubject subject, Findings findings)
    {
        var path = string.IsNullOrWhiteSpace(subject.Cover) ? ScanSubject.CoverDefault : subject.Cover;
        if (subject.Find(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path) is not { } file)
        {
            findings.Refuse(ScanRule.Cover, $"Cover {path} is missing", path);
            return;
        }

        switch (file.Extension)
        {
            case ".svg": Svg(file, findings); break;
            case ".png" or ".webp" or ".gif": Image(file, findings); break;
            default:
                findings.Refuse(ScanRule.Cover, $"Cover {path} is neither .svg, .png, .webp nor .gif", path);
                break;
        }
    }

    private static void Svg(ScanFile file, Findings findings)
    {
        if (IsTooLarge(file, ScanLimits.CoverSvgBytesMax, findings)) return;

        // The scan of all files reports what is wrong inside; here only the root is looked at.
        var svg = SvgRules.Scan(ScanText.Of(file), new Findings(StaticScan.Stage));
        if (!svg.HasRoot) return;
        if (!svg.IsSvg) findings.Refuse(ScanRule.Cover, $"Cover {file.Path} is not an SVG image", file.Path);
        else if (!HasShape(svg.ViewBox))
            findings.Warn($"The cover's viewBox is {svg.ViewBox ?? "missing"}; the feed shows covers at "
                + "viewBox=\"0 0 375 900\".");
    }

    private static bool HasShape(string? viewBox)
    {
        var numbers = (viewBox ?? "").Split([' ', ',', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return numbers.Length == 4
            && double.TryParse(numbers[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var width)
            && double.TryParse(numbers[3], NumberStyles.Float, CultureInfo.InvariantCulture, out var height)
            && height > 0 && Math.Abs((width / height) - Shape) <= ShapeTolerance;
    }

    private static void Image(ScanFile file, Findings findings)
    {
        if (IsTooLarge(file, ScanLimits.CoverImageBytesMax, findings)) return;

        var header = ImageHeader.Read(file.Content().Span);
        var isDeclared = string.Equals($".{header.Kind}", file.Extension, StringComparison.OrdinalIgnoreCase);
        if (!isDeclared) findings.Refuse(ScanRule.Cover, $"Cover {file.Path} is not a {file.Extension} image inside",
            file.Path);
        else if (!header.IsWhole) findings.Refuse(ScanRule.Cover, $"Cover {file.Path} is cut off: its end is missing",
            file.Path);
        else if (header is { Kind: ImageKind.Gif, IsAnimated: false })
            findings.Refuse(ScanRule.Cover, $"Cover {file.Path} is a still GIF; use .png or .webp for still images",
                file.Path);
        else if (header.Kind != ImageKind.Gif && (header.Width, header.Height) != (WidthPx, HeightPx))
            findings.Warn($"The cover is {header.Width}×{header.Height} pixels; the feed shows covers at "
                + $"{WidthPx}×{HeightPx}.");
    }

    private static bool IsTooLarge(ScanFile file, long max, Findings findings)
    {
        if (file.Size <= max) return false;
        findings.Refuse(ScanRule.Cover, $"Cover {file.Path} has {file.Size} bytes; at most {max} are allowed",
            file.Path);
        return true;
    }
}
