namespace Remix.Platform.JavaScript;

/// <summary>
/// What a bracket was opened for. A head is the stretch from <c>function</c> or <c>class</c> to its body.
/// </summary>
internal enum JsOpener : byte
{
    Block,
    Object,
    ClassBody,
    ClassHead,
    FunctionHead,
    Paren,
    HeadParen,
    ForParen,
    Bracket,
    Template,
}

/// <summary>One open bracket, as far as it bears on the meaning of a slash.</summary>
internal struct JsFrame(JsOpener opener)
{
    private bool inArrow;
    private bool outerAwait;
    private bool outerYield;

    public readonly JsOpener Opener => opener;

    /// <summary>After the closing bracket a slash divides.</summary>
    public bool EndsOperand { get; init; }

    /// <summary>Inside, <c>await</c> is an operator.</summary>
    public bool Await { get; set; }

    /// <summary>Inside, <c>yield</c> is an operator.</summary>
    public bool Yield { get; set; }

    public bool AfterAsync { get; init; }
    public bool IsArrowBody { get; init; }
    public int Ternaries { get; set; }

    /// <summary>The member being read began with <c>async</c>.</summary>
    public bool MemberAwait { get; set; }

    /// <summary>The member being read began with <c>*</c>.</summary>
    public bool MemberYield { get; set; }

    public readonly bool HasMembers => opener is JsOpener.Object or JsOpener.ClassBody;

    public readonly bool HasStatements => opener == JsOpener.Block;

    public readonly bool ClosedBy(char bracket) => bracket switch
    {
        '}' => opener is JsOpener.Block or JsOpener.Object or JsOpener.ClassBody,
        ')' => opener is JsOpener.Paren or JsOpener.HeadParen or JsOpener.ForParen,
        _ => opener is JsOpener.Bracket,
    };

    public void EnterArrow(bool isAsync)
    {
        if (!inArrow) (inArrow, outerAwait, outerYield) = (true, Await, Yield);
        (Await, Yield) = (isAsync, false);
    }

    public void LeaveArrow()
    {
        if (inArrow) (inArrow, Await, Yield) = (false, outerAwait, outerYield);
    }

    public (bool Await, bool Yield) TakeMember()
    {
        var member = (MemberAwait, MemberYield);
        (MemberAwait, MemberYield) = (false, false);
        return member;
    }
}
