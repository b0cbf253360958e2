using AngleSharp.Dom;

namespace Remix.Creations.Scan.Safety;

/// <summary>Links and files that put a program on a reader's machine.</summary>
internal static class LinkRules
{
    private static readonly string[] ProgramExtensions =
    [
        ".exe", ".msi", ".scr", ".bat", ".cmd", ".com.exe", ".apk", ".dmg", ".pkg", ".jar", ".vbs", ".ps1", ".hta",
        ".lnk", ".iso",
    ];

    public static bool IsProgram(string path) =>
        ProgramExtensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    public static void Scan(IElement element, ScanPlace place, Findings findings)
    {
        if (element.LocalName is not ("a" or "area")) return;
        var address = element.GetAttribute("href")?.Trim() ?? "";
        var isProgramData = WebAddress.Classify(address) == AddressKind.Data
            && address.StartsWith("data:application/", StringComparison.OrdinalIgnoreCase)
            && !address.StartsWith("data:application/json", StringComparison.OrdinalIgnoreCase)
            && !address.StartsWith("data:application/pdf", StringComparison.OrdinalIgnoreCase);
        var end = address.AsSpan().IndexOfAny("?#");
        var isProgram = IsProgram(end < 0 ? address : address[..end])
            || IsProgram(element.GetAttribute("download") ?? "");
        if (isProgramData || isProgram)
            findings.Forbid(SafetyRule.Malware, $"download of {WebAddress.Shorten(address)}", place);
    }
}
