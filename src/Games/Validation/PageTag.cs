using System.Net;

namespace Remix.Games.Validation;

/// <summary>A tag with its attributes, read as a browser reads it; <see cref="End"/> is the place behind its last character.</summary>
internal sealed class PageTag
{
    private readonly List<(string Name, string Value, int Start)> attributes = [];

    private PageTag(string name) => Name = name;

    /// <summary>In lower case.</summary>
    public string Name { get; }

    public int End { get; private set; }

    /// <summary>Names in lower case, values as they are written.</summary>
    public IReadOnlyList<(string Name, string Value, int Start)> Attributes => attributes;

    /// <summary>The first attribute of that name with its entities decoded; null when there is none.</summary>
    public string? this[string name] => attributes.Where(attribute => attribute.Name == name)
        .Select(attribute => WebUtility.HtmlDecode(attribute.Value)).FirstOrDefault();

    /// <summary>Reads from a tag's name on.</summary>
    public static PageTag Read(string source, int at)
    {
        var start = at;
        while (at < source.Length && !IsSpace(source[at]) && source[at] is not ('>' or '/'))
        {
            at++;
        }

        var tag = new PageTag(source[start..at].ToLowerInvariant());
        while (at < source.Length && source[at] != '>')
        {
            at = IsSpace(source[at]) || source[at] == '/' ? at + 1 : tag.Attribute(source, at);
        }

        tag.End = Math.Min(at + 1, source.Length);
        return tag;
    }

    private int Attribute(string source, int at)
    {
        var start = at++;
        while (at < source.Length && !IsSpace(source[at]) && source[at] is not ('>' or '/' or '='))
        {
            at++;
        }

        var name = source[start..at].ToLowerInvariant();
        var equals = at;
        while (equals < source.Length && IsSpace(source[equals]))
        {
            equals++;
        }

        if (equals >= source.Length || source[equals] != '=')
        {
            attributes.Add((name, "", at));
            return at;
        }

        at = equals + 1;
        while (at < source.Length && IsSpace(source[at]))
        {
            at++;
        }

        return Value(source, at, name);
    }

    private int Value(string source, int at, string name)
    {
        if (at < source.Length && source[at] is '"' or '\'')
        {
            var close = source.IndexOf(source[at], at + 1);
            close = close < 0 ? source.Length : close;
            attributes.Add((name, source[(at + 1)..close], at + 1));
            return Math.Min(close + 1, source.Length);
        }

        var start = at;
        while (at < source.Length && !IsSpace(source[at]) && source[at] != '>')
        {
            at++;
        }

        attributes.Add((name, source[start..at], start));
        return at;
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';
}
