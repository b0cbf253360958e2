using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>Reads conditions, keys and values of the textual form.</summary>
internal sealed class ConditionParser(QueryTokenReader tokens)
{
    public Condition Read() => Series("or", () => Series("and", Negation, of => new All(of)), of => new Any(of));

    public FieldPath Key()
    {
        var place = tokens.Next;
        var names = new List<string> { tokens.Name() };
        while (tokens.Take("."))
        {
            names.Add(tokens.Name());
        }

        if (names.Count > FieldPath.DepthMax)
        {
            throw tokens.Wrong($"a key leads at most {FieldPath.DepthMax} deep", place);
        }

        var key = new FieldPath(names);
        return key.IsSystem && !SystemField.All.Contains(names[0], StringComparer.Ordinal)
            ? throw tokens.Wrong($"{place} is none of {string.Join(", ", SystemField.All)}", place)
            : key;
    }

    /// <summary>The value that comes next; null, and nothing is taken, when it is none.</summary>
    public FieldValue? TryValue()
    {
        var token = tokens.Next;
        FieldValue? value = token switch
        {
            { Kind: QueryTokenKind.Text } => FieldValue.Text(token.Text),
            { Kind: QueryTokenKind.Number } => FieldValue.Number(token.Number),
            _ when token.Is("true") => FieldValue.Bool(true),
            _ when token.Is("false") => FieldValue.Bool(false),
            _ when token.Is("null") => FieldValue.Null,
            _ when token.Is("nan") => FieldValue.NotANumber,
            _ when token.Is("inf") => FieldValue.Number(double.PositiveInfinity),
            _ => null,
        };
        if (value is null && (token.Is("ref") || token.Is("bin")))
        {
            return TaggedValue(token.Text);
        }

        if (value is not null)
        {
            tokens.Advance();
        }

        return value;
    }

    private Condition Series(string word, Func<Condition> one, Func<IReadOnlyList<Condition>, Condition> many)
    {
        var all = new List<Condition> { one() };
        while (tokens.Take(word))
        {
            all.Add(one());
        }

        return all.Count == 1 ? all[0] : many(all);
    }

    private Condition Negation()
    {
        using var depth = tokens.Enter();
        if (tokens.Take("not"))
        {
            return new Not(Negation());
        }

        if (tokens.Take("("))
        {
            var inner = Read();
            tokens.Expect(")");
            return inner;
        }

        if (tokens.Take("true"))
        {
            return new All([]);
        }

        if (tokens.Take("false"))
        {
            return new Any([]);
        }

        return tokens.Take("exists") ? new Exists(Key()) : Comparison();
    }

    private Comparison Comparison()
    {
        var key = Key();
        if (tokens.Next.Kind is not (QueryTokenKind.Sign or QueryTokenKind.Word) || !CompareOps.TryParse(tokens.Next.Text, out var op))
        {
            throw tokens.Wrong($"expected an operator ({string.Join(" ", CompareOps.All)}), found {tokens.Next}");
        }

        tokens.Advance();
        var place = tokens.Next;
        var operand = op.TakesMany() ? Many() : Operand();
        return AstConditions.Misfit(op, key, operand) is { } misfit ? throw tokens.Wrong(misfit, place) : new Comparison(op, key, operand);
    }

    private Operand Operand()
    {
        var token = tokens.Next;
        if (token.Kind == QueryTokenKind.Param)
        {
            tokens.Advance();
            return new Param(token.Text);
        }

        return TryValue() is { } value ? new Literal(value)
            : throw tokens.Wrong($"expected a value (null, true, a number, a \"text\", ref(\"id\"), bin(\"base64\")) or a $parameter, found {token}");
    }

    private Operand Many()
    {
        if (tokens.Next.Kind == QueryTokenKind.Param)
        {
            return Operand();
        }

        tokens.Expect("[");
        var operands = new List<Operand>();
        while (!tokens.Take("]"))
        {
            if (operands.Count > 0)
            {
                tokens.Expect(",");
            }

            operands.Add(operands.Count < Query.ListMax ? Operand() : throw tokens.Wrong($"a list has at most {Query.ListMax} values"));
        }

        return new ManyOperands(operands);
    }

    private FieldValue TaggedValue(string word)
    {
        tokens.Advance();
        tokens.Expect("(");
        var token = tokens.Next;
        if (token.Kind != QueryTokenKind.Text)
        {
            throw tokens.Wrong($"{word} takes a text, not {token}");
        }

        var element = System.Text.Json.JsonSerializer.SerializeToElement(new Dictionary<string, string> { [Tagged.Value] = token.Text });
        var tag = word == "ref" ? Tagged.Ref : word;
        if (Tagged.Problem(tag, element) is { } problem)
        {
            throw tokens.Wrong(problem, token);
        }

        tokens.Advance();
        tokens.Expect(")");
        return Tagged.Read(tag, element)!.Value;
    }
}
