namespace Remix.JsRuntime.Agents;

/// <summary>What a module exports, in each way of saying so.</summary>
internal sealed partial class AuthorModule
{
    private int Export(int i, int depth)
    {
        RequireTop(i, depth);
        if (tokens.IsName(i + 1, "default"))
        {
            return Default(i);
        }

        if (tokens.IsPunctuator(i + 1, "*"))
        {
            return All(i);
        }

        if (tokens.IsPunctuator(i + 1, "{"))
        {
            return List(i);
        }

        Blank(i, i);
        Declaration(i + 1);
        return i;
    }

    private int Default(int i)
    {
        var at = IsWord(i + 2, "async") && IsWord(i + 3, "function") && !tokens[i + 3].NewlineBefore ? i + 3 : i + 2;
        if (!IsWord(at, "function") && !IsWord(at, "class"))
        {
            exports["default"] = "$$.default";
            return Replace(i, i + 1, "$$.default=");
        }

        var name = at + 1;
        if (tokens.IsPunctuator(name, "*"))
        {
            name++;
        }

        if (tokens.NameAt(name) is { } given && !(IsWord(name, "extends") && IsWord(at, "class")))
        {
            exports["default"] = given;
            Blank(i, i + 1);
            return at;
        }

        // A declaration without a name gets one, in the room that `export default` leaves.
        exports["default"] = "$$f";
        var text = string.Join(' ', Enumerable.Range(i + 2, name - i - 2).Select(n => tokens.Raw(tokens[n]).ToString())) + " $$f";
        Replace(i, name - 1, text);
        return name - 1;
    }

    private int All(int i)
    {
        var named = tokens.IsName(i + 2, "as");
        var literal = named ? i + 5 : i + 3;
        var need = Need(literal);
        if (named)
        {
            exports[Word(i + 3)] = $"\u0001{need}\u0002";
        }
        else
        {
            head.Append("$$.s").Append("(\u0001").Append(need).Append("\u0002);");
        }

        return Blank(i, Finish(literal));
    }

    private int List(int i)
    {
        var end = Specifiers(i + 1, out var pairs);
        var need = tokens.IsName(end, "from") && tokens.LiteralAt(end + 1) is not null ? Need(end + 1) : null;
        foreach (var (from, to) in pairs)
        {
            exports[to] = need is null ? from : $"\u0001{need}\u0002[{Quoted(from)}]";
        }

        return Blank(i, Finish(need is null ? end - 1 : end + 1));
    }

    private void Declaration(int i)
    {
        if (IsWord(i, "const") || IsWord(i, "let") || IsWord(i, "var"))
        {
            foreach (var name in ExportedNames.Read(tokens, i + 1))
            {
                exports[name] = name;
            }

            return;
        }

        var at = IsWord(i, "async") ? i + 2 : i + 1;
        var named = tokens.IsPunctuator(at, "*") ? at + 1 : at;
        if (!(IsWord(at - 1, "function") || IsWord(i, "class")) || tokens.NameAt(named) is not { } declared)
        {
            throw Refuse(i, "Unexpected token after export");
        }

        exports[declared] = declared;
    }
}
