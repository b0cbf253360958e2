using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace Remix.Pages.Sharing;

/// <summary>
/// What somebody wrote, as a page may show it. Markdown without HTML; links only to the web and to mail, pictures as links,
/// so that nobody is told who reads; headings as bold lines, since the page has its own.
/// </summary>
public static class MessageText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists()
        .UseSoftlineBreakAsHardlineBreak().Build();

    public static MarkupString Html(string text)
    {
        try
        {
            var document = Markdown.Parse(text, Pipeline);
            Tame(document);
            using var writer = new StringWriter();
            var renderer = new HtmlRenderer(writer);
            Pipeline.Setup(renderer);
            renderer.ObjectRenderers.FindExact<CodeBlockRenderer>()!.OutputAttributesOnPre = true;
            renderer.ObjectRenderers.Replace<HeadingRenderer>(new BoldLineRenderer());
            renderer.Render(document);
            return new MarkupString(writer.ToString());
        }
        catch (ArgumentException)
        {
            // Nested deeper than the reader goes: nobody wrote this to be read as Markdown.
            return new MarkupString($"<pre tabindex=\"0\">{System.Net.WebUtility.HtmlEncode(text)}</pre>");
        }
    }

    /// <summary>The same without its marks, for a line that quotes it.</summary>
    public static string Plain(string text)
    {
        try
        {
            return Markdown.ToPlainText(text, Pipeline).Trim();
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    private static void Tame(MarkdownDocument document)
    {
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            Tame(link);
        }

        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail).ToList())
        {
            if (IsWeb(link.Url))
            {
                Mark(link);
            }
            else
            {
                link.ReplaceBy(new LiteralInline(link.Url));
            }
        }

        // A sign instead of a box that nobody can tick.
        foreach (var box in document.Descendants<TaskList>().ToList())
        {
            box.ReplaceBy(new LiteralInline(box.Checked ? "☑" : "☐"));
        }

        foreach (var table in document.Descendants<Table>())
        {
            Align(table);
        }

        // What may be wider than the page scrolls by itself, also by keyboard.
        foreach (var block in document.Descendants().Where(block => block is CodeBlock or Table))
        {
            block.GetAttributes().AddProperty("tabindex", "0");
        }
    }

    /// <summary>By classes: the page's policy allows no styles in attributes.</summary>
    private static void Align(Table table)
    {
        foreach (var row in table.OfType<TableRow>())
        {
            foreach (var (cell, column) in row.OfType<TableCell>().Zip(table.ColumnDefinitions))
            {
                if (column.Alignment is { } side)
                {
                    cell.GetAttributes().AddClass(side switch
                    {
                        TableColumnAlign.Right => "at-end",
                        TableColumnAlign.Center => "at-middle",
                        _ => "at-start",
                    });
                }
            }
        }

        table.ColumnDefinitions.ForEach(column => column.Alignment = null);
    }

    private static void Tame(LinkInline link)
    {
        if (!IsWeb(link.Url))
        {
            if (link.FirstChild is null)
            {
                link.AppendChild(new LiteralInline(link.Url ?? ""));
            }

            link.ReplaceBy(new ContainerInline(), copyChildren: true);
            return;
        }

        if (link.IsImage)
        {
            link.IsImage = false;
            if (link.FirstChild is null)
            {
                link.AppendChild(new LiteralInline(link.Url!));
            }
        }

        Mark(link);
    }

    private static void Mark(Inline link) => link.GetAttributes().AddProperty("rel", "noopener noreferrer nofollow");

    private static bool IsWeb(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto";

    private sealed class BoldLineRenderer : HtmlObjectRenderer<HeadingBlock>
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock heading)
        {
            renderer.Write("<p class=\"heading\">");
            renderer.WriteLeafInline(heading);
            renderer.WriteLine("</p>");
        }
    }
}
