using System.Globalization;
using System.Text;

namespace Remix.Pages.Guide;

/// <summary>What there is to read, in the form that llms.txt asks for: a title, a summary, links in groups.</summary>
internal static class GuideIndex
{
    public static string Of(GuideLibrary library, string baseAddress)
    {
        var text = new StringBuilder("# Remix\n\n> ").Append(library.First.Description).Append("\n\n")
            .Append(CultureInfo.InvariantCulture, $"A question in words: `GET {baseAddress}/help?q=how+do+I+publish`. ")
            .Append(CultureInfo.InvariantCulture, $"Every route for programs: {baseAddress}/openapi/v1.json\n");
        Group("Start here", library.Skills);
        Group("Topics", library.Pages.Where(page => !page.Path.EndsWith("/SKILL.md", StringComparison.Ordinal) && !IsReference(page)));
        Group("References", library.Pages.Where(IsReference));
        Group("Optional", library.OfSkill("remix").Where(page => !page.Path.EndsWith(".md", StringComparison.Ordinal)));
        return text.ToString();

        void Group(string title, IEnumerable<GuideDocument> pages)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
            foreach (var page in pages)
            {
                text.Append(CultureInfo.InvariantCulture, $"- [{NameOf(page)}]({baseAddress}{page.Address})");
                text.Append(page.Description.Length > 0 ? $": {page.Description}\n" : "\n");
            }
        }
    }

    private static bool IsReference(GuideDocument page) => page.Path.Contains("/references/", StringComparison.Ordinal);

    private static string NameOf(GuideDocument page) => page.Title == page.Path ? Path.GetFileName(page.Path) : page.Title;
}
