using System.Text;
using System.Text.Json;
using Remix.Platform.JavaScript;

namespace Remix.JsRuntime.Agents;

/// <summary>
/// One of an author's modules, as a function that makes it: <c>(link, globals…) => async function () { the module }</c>.
/// So a call gets variables of its own in an isolate that is warm. Every token stays on its line, and nearly every one in
/// its column; the module begins on line 2.
/// </summary>
internal sealed partial class AuthorModule
{
    /// <summary>What a call has of its own under the names of globals; <c>link</c> is what imports and exports go through.</summary>
    private const string Parameters = "$$,globalThis,self,fetch,console,WebSocket,EventSource";

    private readonly JsTokens tokens;
    private readonly char[] body;
    private readonly StringBuilder head = new();
    private readonly List<string> needs = [];
    private readonly Dictionary<string, string> exports = new(StringComparer.Ordinal);
    private readonly Func<string, string?> resolve;

    private AuthorModule(string name, string source, Func<string, string?> resolve)
    {
        (Name, this.resolve) = (name, resolve);
        tokens = JsTokenizer.Read(source, JsGoal.Module);
        body = source.ToCharArray();
    }

    public string Name { get; }

    /// <summary>Names of the modules that it imports, in order.</summary>
    public IReadOnlyList<string> Needs => needs;

    /// <summary>Reads a module; <paramref name="resolve"/> turns a specifier into the name of a module, or null.</summary>
    public static AuthorModule Read(string name, string source, Func<string, string?> resolve)
    {
        var module = new AuthorModule(name, source, resolve);
        module.Rewrite();
        return module;
    }

    /// <summary>The function, as a module; <paramref name="indexOf"/> says by which number a needed module goes.</summary>
    public string Write(Func<string, int> indexOf)
    {
        var text = new StringBuilder("export default(").Append(Parameters).Append(")=>async function(){");
        var getters = exports.Select(export => $"{Quoted(export.Key)}:()=>{Linked(export.Value, indexOf)}");
        text.Append("$$.e({__proto__:null,").AppendJoin(',', getters).Append("});").Append(Linked(head.ToString(), indexOf));
        return text.Append('\n').Append(body).Append("\n}\n").ToString();
    }

    /// <summary>Needs are written as <c>\u0001name\u0002</c> until their numbers are known.</summary>
    private string Linked(string text, Func<string, int> indexOf)
    {
        foreach (var need in needs)
        {
            text = text.Replace($"\u0001{need}\u0002", $"$$.i({indexOf(need)})", StringComparison.Ordinal);
        }

        return text;
    }

    private void Rewrite()
    {
        if (body.AsSpan().StartsWith("#!"))
        {
            body[0] = body[1] = '/';
        }

        var depth = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            depth += Bracket(i);
            if (depth < 0)
            {
                throw Refuse(i, $"Unexpected token '{tokens.Raw(tokens[i])}'");
            }

            if (IsWord(i, "import"))
            {
                i = tokens.IsPunctuator(i + 1, "(") || tokens.IsPunctuator(i + 1, ".") ? Dynamic(i) : Import(i, depth);
            }
            else if (IsWord(i, "export"))
            {
                i = Export(i, depth);
            }
        }

        if (depth > 0)
        {
            throw Refuse(tokens.Count - 1, "Unexpected end of input: a bracket is not closed");
        }
    }

    private bool IsWord(int i, string word) => tokens.IsName(i, word) && !tokens[i].IsProperty && !tokens[i].Escaped;

    /// <summary>What the token does to the depth of brackets. A template's pieces open with <c>${</c> and close with <c>}</c>.</summary>
    private int Bracket(int i)
    {
        var raw = tokens.Raw(tokens[i]);
        return tokens[i].Kind switch
        {
            JsTokenKind.Punctuator => raw is "(" or "[" or "{" ? 1 : raw is ")" or "]" or "}" ? -1 : 0,
            JsTokenKind.Template => (raw.EndsWith("${") ? 1 : 0) - (raw[0] == '}' ? 1 : 0),
            _ => 0,
        };
    }

    private int Dynamic(int i)
    {
        Replace(i, i, tokens.IsPunctuator(i + 1, "(") ? "$$.d" : "$$");
        return i;
    }

    private int Import(int i, int depth)
    {
        RequireTop(i, depth);
        var end = i + 1;
        if (tokens.LiteralAt(end) is null)
        {
            while (end < tokens.Count && !tokens.IsName(end, "from"))
            {
                end++;
            }

            // An import may be named "from".
            end += tokens.LiteralAt(end + 1) is not null ? 1 : 2;
        }

        var need = Need(end);
        Bindings(i + 1, end - 1, need);
        return Blank(i, Finish(end));
    }

    /// <summary><c>d, * as all, {a, b as c}</c>, up to and without <c>from</c>.</summary>
    private void Bindings(int i, int from, string need)
    {
        while (i < from)
        {
            if (tokens.IsPunctuator(i, "*"))
            {
                head.Append("const ").Append(tokens.NameAt(i + 2)).Append("=\u0001").Append(need).Append("\u0002;");
                i += 3;
            }
            else if (tokens.IsPunctuator(i, "{"))
            {
                i = Specifiers(i, out var pairs);
                var names = pairs.Select(pair => $"{Quoted(pair.From)}:{pair.To}");
                head.Append("const{").AppendJoin(',', names).Append("}=\u0001").Append(need).Append("\u0002;");
            }
            else if (tokens.NameAt(i) is { } name)
            {
                head.Append("const{default:").Append(name).Append("}=\u0001").Append(need).Append("\u0002;");
                i++;
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>Reads <c>{a, b as c, "d" as e}</c>; returns the index after it.</summary>
    private int Specifiers(int i, out List<(string From, string To)> pairs)
    {
        pairs = [];
        for (i++; i < tokens.Count && !tokens.IsPunctuator(i, "}"); i++)
        {
            if (tokens.IsPunctuator(i, ","))
            {
                continue;
            }

            var from = Word(i);
            var to = from;
            if (tokens.IsName(i + 1, "as"))
            {
                to = Word(i + 2);
                i += 2;
            }

            pairs.Add((from, to));
        }

        return i + 1;
    }

    private string Word(int i) => tokens.NameAt(i) ?? tokens.LiteralAt(i) ?? throw Refuse(i, "Unexpected token");

    private string Need(int i)
    {
        if (tokens.LiteralAt(i) is not { } specifier)
        {
            throw Refuse(Math.Min(i, tokens.Count - 1), "Unexpected token in an import");
        }

        var name = resolve(specifier) ?? throw Refuse(i, $"Cannot import '{specifier}': an agent can import its own files only");
        if (!needs.Contains(name, StringComparer.Ordinal))
        {
            needs.Add(name);
        }

        return name;
    }

    /// <summary>The last token of a statement that ends with the given one: a semicolon belongs to it.</summary>
    private int Finish(int i)
    {
        if (IsWord(i + 1, "with") && tokens.IsPunctuator(i + 2, "{"))
        {
            throw Refuse(i + 1, "Only JavaScript can be imported: read other files with remix.files.read");
        }

        return tokens.IsPunctuator(i + 1, ";") ? i + 1 : i;
    }

    private void RequireTop(int i, int depth)
    {
        if (depth != 0)
        {
            throw Refuse(i, $"'{tokens.Raw(tokens[i])}' may only stand at the top level of a module");
        }
    }

    private int Blank(int first, int last) => Replace(first, last, "");

    /// <summary>Writes over tokens, in their place where there is room, and leaves line ends where they are.</summary>
    private int Replace(int first, int last, string text)
    {
        var (start, end) = (tokens[first].Start, tokens[last].End);
        for (var at = start; at < end; at++)
        {
            if (body[at] is not ('\n' or '\r' or '\u2028' or '\u2029'))
            {
                body[at] = ' ';
            }
        }

        // Text stands on the first line of what it replaces; the comments that lay between go.
        var room = body.AsSpan(start, end - start);
        var line = room.IndexOfAny("\n\r\u2028\u2029");
        if ((line < 0 ? room.Length : line) >= text.Length)
        {
            text.CopyTo(room);
        }
        else
        {
            // A word alone on its line, with too little room: the line ends go behind it, which keeps their count.
            var ends = room.ToArray().Where(c => c is '\n' or '\r' or '\u2028' or '\u2029').ToArray();
            room.Fill(' ');
            text.CopyTo(room);
            ends.CopyTo(room[^ends.Length..]);
        }

        return last;
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private AuthorSyntaxException Refuse(int i, string message)
    {
        var at = i >= 0 && i < tokens.Count ? tokens[i].Start : 0;
        var before = tokens.Source.AsSpan(0, at);
        return new AuthorSyntaxException(message, Name, before.Count('\n') + 1, at - before.LastIndexOf('\n'));
    }
}

/// <summary>The author's module is no module, as far as can be seen without running it.</summary>
internal sealed class AuthorSyntaxException(string message, string file, int line, int column) : Exception(message)
{
    public string Stack => $"SyntaxError: {Message}\n    at {file}:{line}:{column}";
}
