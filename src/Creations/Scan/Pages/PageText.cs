using System.Text;
using AngleSharp.Dom;

namespace Remix.Creations.Scan.Pages;

/// <summary>The text a reader sees on a page: no scripts, styles, templates or comments.</summary>
internal static class PageText
{
    private static readonly HashSet<string> Unseen = new(StringComparer.Ordinal)
    {
        "script", "style", "template", "noscript", "head", "iframe", "textarea",
    };

    /// <summary>The page that a file holds, null when there is no file or its markup is refused.</summary>
    public static INode? PageOf(ScanFile? file)
    {
        if (file is null || file.Size > ScanLimits.TextFileBytesMax) return null;
        return HtmlReader.Read(ScanText.Of(file).Source).Document;
    }

    public static string Of(INode root)
    {
        var text = new StringBuilder();
        var pending = new Stack<INode>([root]);
        while (pending.TryPop(out var node))
        {
            if (node is IText seen) text.Append(seen.Data).Append(' ');
            if (node is IElement element && Unseen.Contains(element.LocalName)) continue;
            for (var i = node.ChildNodes.Length - 1; i >= 0; i--) pending.Push(node.ChildNodes[i]);
        }
        return text.ToString();
    }

    public static int CountWords(string text)
    {
        var (words, inWord) = (0, false);
        foreach (var c in text)
        {
            // Scripts without spaces between words: two such characters are about a word.
            if (c is >= '\u3040' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF') words++;
            var isWord = char.IsLetterOrDigit(c);
            if (isWord && !inWord) words++;
            inWord = isWord;
        }
        return words;
    }
}
