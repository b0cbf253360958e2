using Remix.Creations.Scan;

namespace Remix.Tests.Creations.Scan;

/// <summary>Submissions to try the scan on.</summary>
internal static class Subjects
{
    public const string Cover = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 375 900"><rect width="375" height="900" fill="#123"/>
        <text x="30" y="210" fill="#fff">Tides<animate attributeName="opacity" from="0" to="1" dur="2s"/></text></svg>
        """;

    public static ScanFile File(string path, string content) => ScanFile.Of(path, content);

    public static ScanSubject Page(string html, params ScanFile[] others) =>
        new([File("index.html", html), File("cover.svg", Cover), .. others], "Tides", "", "report", [], "cover.svg");

    public static ScanSubject Script(string script) => Page($"<p>x</p><script>{script}</script>");

    public static ScanSubject WithCover(string path, byte[] content) =>
        new([File("index.html", "<p>x</p>"), ScanFile.Of(path, content)], "Tides", "", "report", [], path);

    public static string[] Categories(ScanSubject subject) =>
        [.. StaticScan.Run(subject).Violations.Select(violation => violation.Category)
            .Distinct(StringComparer.Ordinal)];
}
