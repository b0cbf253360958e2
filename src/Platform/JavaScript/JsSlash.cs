namespace Remix.Platform.JavaScript;

/// <summary>
/// Decides what a slash means, division or the start of a regular expression, without a parser: it keeps the stack of
/// open brackets, knows what each was opened for, and whether the last token ended an operand. Constant work per token.
/// </summary>
internal sealed class JsSlash
{
    private readonly string source;
    private readonly List<JsFrame> outer = [];
    private JsFrame top;
    private JsToken last;
    private JsToken beforeLast;

    /// <summary>The last token ended an operand: a slash divides, a brace opens a body.</summary>
    private bool operand;

    /// <summary>A statement starts here, or a member of an object or a class.</summary>
    private bool starts = true;

    private bool lastIsKey;
    private bool asyncStarts;
    private bool parenAfterAsync;
    private bool inModuleClause;

    public JsSlash(string source, JsGoal goal)
    {
        this.source = source;
        top = new JsFrame(JsOpener.Block) { Await = goal == JsGoal.Module };
    }

    public bool RegexAllowed => !operand;

    public bool InTemplate => top.Opener == JsOpener.Template;

    public void LeaveTemplate() => Pop();

    /// <summary>Takes a token in; true when it is a name that names a property.</summary>
    public bool Observe(JsToken token)
    {
        if (token.NewlineBefore && !operand && LastIsAny("return", "yield", "break", "continue")) starts = true;
        var isProperty = false;
        switch (token.Kind)
        {
            case JsTokenKind.Name or JsTokenKind.PrivateName:
                isProperty = Name(token);
                break;
            case JsTokenKind.Punctuator:
                Punctuator(token);
                lastIsKey = false;
                break;
            case JsTokenKind.Template when source[token.End - 1] == '{':
                Push(Inner(JsOpener.Template, endsOperand: true));
                break;
            default:
                After(isOperand: !EndsModuleClause(token));
                break;
        }
        (beforeLast, last) = (last, isProperty ? token with { Marks = token.Marks | JsTokenMarks.Property } : token);
        return isProperty;
    }

    private bool EndsModuleClause(JsToken token)
    {
        if (!inModuleClause || token.Kind != JsTokenKind.String || !LastIsAny("from", "import")) return false;
        inModuleClause = false;
        return true;
    }

    private bool Name(JsToken token)
    {
        var text = Text(token);
        if (token.NewlineBefore && operand) top.LeaveArrow();
        var isOperator = text is "in" or "instanceof";
        var isKey = top.HasMembers && (starts || (operand && !isOperator
            && (lastIsKey || (token.NewlineBefore && top.Opener == JsOpener.ClassBody))));
        if (isKey || LastIs(".") || LastIs("?."))
        {
            if (isKey && text is "async") top.MemberAwait = true;
            lastIsKey = isKey;
            operand = true;
            starts = false;
            return true;
        }

        lastIsKey = false;
        if (token.Escaped || token.Kind == JsTokenKind.PrivateName) After(isOperand: true);
        else Word(text, token);
        return false;
    }

    private void Word(ReadOnlySpan<char> text, JsToken token)
    {
        var declares = starts || operand || LastIs("default");
        switch (text)
        {
            case "function" or "class":
                var isAsync = LastIs("async") && !token.NewlineBefore;
                if (isAsync) declares = asyncStarts;
                var head = text is "class" ? JsOpener.ClassHead : JsOpener.FunctionHead;
                Push(new JsFrame(head) { EndsOperand = !declares, Await = isAsync });
                break;
            case "return" or "typeof" or "instanceof" or "in" or "new" or "delete" or "void" or "throw" or "case" or
                "extends" or "var" or "const" or "default" or "if" or "while" or "for" or "with" or "switch" or "enum":
            case "await" when top.Await || LastIs("for"):
            case "yield" when top.Yield:
            case "of" when top.Opener == JsOpener.ForParen && operand:
                (operand, starts) = (false, false);
                break;
            case "import" or "export":
                inModuleClause = starts;
                (operand, starts) = (false, text is "export");
                break;
            case "do" or "else" or "try" or "finally" or "catch" or "break" or "continue" or "debugger":
                (operand, starts) = (false, true);
                break;
            default:
                asyncStarts = declares;
                After(isOperand: token.NewlineBefore || !LastIsAny("break", "continue"));
                break;
        }
    }

    private void Punctuator(JsToken token)
    {
        switch (Text(token))
        {
            case "{": OpenBrace(); break;
            case "(": OpenParen(token); break;
            case "[": Push(Inner(JsOpener.Bracket, endsOperand: true)); break;
            case "}" or ")" or "]": Close(source[token.Start]); break;
            case ";" or ",": Separator(source[token.Start]); break;
            case "=>": Arrow(); break;
            case "?": top.Ternaries++; (operand, starts) = (false, false); break;
            case ":": Colon(); break;
            case "*": Star(); break;
            case "++" or "--" when operand && !token.NewlineBefore: break;
            default: (operand, starts) = (false, false); break;
        }
    }

    private JsFrame Inner(JsOpener opener, bool endsOperand) =>
        new(opener) { EndsOperand = endsOperand, Await = top.Await, Yield = top.Yield };

    private void OpenParen(JsToken token)
    {
        var opener = ParenOpener();
        var isAfterAsync = LastIs("async") && !token.NewlineBefore;
        Push(Inner(opener, endsOperand: opener == JsOpener.Paren) with { AfterAsync = isAfterAsync });
    }

    private void OpenBrace()
    {
        var (opener, endsOperand, isAwait, isYield, isArrow) = (JsOpener.Block, false, top.Await, top.Yield, false);
        if (top.Opener == JsOpener.FunctionHead || (top.Opener == JsOpener.ClassHead && !LastIs("extends")))
        {
            var head = Pop();
            endsOperand = head.EndsOperand;
            (isAwait, isYield) = (head.Await, head.Yield);
            if (head.Opener == JsOpener.ClassHead) opener = JsOpener.ClassBody;
        }
        else if (top.HasMembers && operand) (isAwait, isYield) = top.TakeMember();
        else if (LastIs("=>")) isArrow = true;
        else if (LastIsAny("let", "import", "export") || !(operand || starts))
        {
            opener = JsOpener.Object;
            endsOperand = !LastIsAny("import", "export");
        }
        Push(Inner(opener, endsOperand) with { Await = isAwait, Yield = isYield, IsArrowBody = isArrow });
        starts = true;
    }

    private JsOpener ParenOpener() =>
        LastIs("for") || (LastIs("await") && Text(beforeLast) is "for") ? JsOpener.ForParen
        : LastIsAny("if", "while", "with") ? JsOpener.HeadParen : JsOpener.Paren;

    private void Close(char bracket)
    {
        while (top.Opener is JsOpener.ClassHead or JsOpener.FunctionHead) Pop();
        if (outer.Count == 0 || !top.ClosedBy(bracket))
        {
            (operand, starts) = (bracket != '}', bracket == '}');
            return;
        }
        var closed = Pop();
        parenAfterAsync = closed.AfterAsync;
        if (closed.IsArrowBody) top.LeaveArrow();
        (operand, starts) = (closed.EndsOperand, !closed.EndsOperand);
    }

    private void Separator(char separator)
    {
        top.LeaveArrow();
        top.TakeMember();
        if (separator == ';')
        {
            top.Ternaries = 0;
            inModuleClause = false;
        }
        starts = separator == ';' ? top.HasStatements || top.HasMembers : top.Opener == JsOpener.Object;
        operand = false;
    }

    private void Arrow()
    {
        top.EnterArrow(LastIs(")") ? parenAfterAsync : Text(beforeLast) is "async");
        (operand, starts) = (false, false);
    }

    private void Colon()
    {
        starts = top.Ternaries == 0 && top.HasStatements;
        if (top.Ternaries > 0) top.Ternaries--;
        operand = false;
    }

    private void Star()
    {
        var isMember = top.HasMembers && (starts || lastIsKey);
        if (isMember) top.MemberYield = true;
        if (top.Opener == JsOpener.FunctionHead && LastIs("function")) top.Yield = true;
        (operand, starts) = (false, isMember);
    }

    private void After(bool isOperand) => (operand, starts, lastIsKey) = (isOperand, !isOperand, false);

    private void Push(JsFrame frame)
    {
        outer.Add(top);
        top = frame;
        (operand, starts, lastIsKey) = (false, false, false);
    }

    private JsFrame Pop()
    {
        var popped = top;
        top = outer[^1];
        outer.RemoveAt(outer.Count - 1);
        return popped;
    }

    private bool LastIs(string text) => !last.IsProperty
        && last.Kind is JsTokenKind.Name or JsTokenKind.Punctuator && Text(last).SequenceEqual(text);

    private bool LastIsAny(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (LastIs(text)) return true;
        }
        return false;
    }

    private ReadOnlySpan<char> Text(JsToken token) => source.AsSpan(token.Start, token.End - token.Start);
}
