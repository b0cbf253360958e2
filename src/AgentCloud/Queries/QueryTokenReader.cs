namespace Remix.AgentCloud.Queries;

/// <summary>The words of a query one after the other, and how deep we are in it.</summary>
internal sealed class QueryTokenReader(List<QueryToken> tokens)
{
    private int at;
    private int depth;
    private int nodes;

    public QueryToken Next => tokens[at];

    public void Advance() => at = Math.Min(at + 1, tokens.Count - 1);

    public bool Take(string text)
    {
        if (!Next.Is(text))
        {
            return false;
        }

        Advance();
        return true;
    }

    public void Expect(string text)
    {
        if (!Take(text))
        {
            throw Wrong($"expected {text}, found {Next}");
        }
    }

    public void ExpectEnd()
    {
        if (Next.Kind != QueryTokenKind.End)
        {
            throw Wrong($"expected | and a stage, or the end; found {Next}");
        }
    }

    public string Name()
    {
        var token = Next;
        if (token.Kind == QueryTokenKind.Name || (token.Kind == QueryTokenKind.Word && !QueryParser.Words.Contains(token.Text)))
        {
            Advance();
            return token.Text;
        }

        throw Wrong(token.Kind == QueryTokenKind.Word
            ? $"{token} is a word of the language: write `{token}` in backquotes for a field of this name"
            : $"expected the name of a field, found {token}");
    }

    /// <summary>One level deeper, until it is disposed.</summary>
    public Level Enter()
    {
        if (++depth > 2 * Query.DepthMax)
        {
            throw Wrong($"a query is nested at most {2 * Query.DepthMax} deep");
        }

        if (++nodes > Query.NodesMax)
        {
            throw Wrong($"a query has at most {Query.NodesMax} parts");
        }

        return new Level(this);
    }

    public QuerySyntaxException Wrong(string problem) => Wrong(problem, Next);

    public QuerySyntaxException Wrong(string problem, QueryToken token) => new(token.Line, token.Column, problem);

    public readonly struct Level(QueryTokenReader reader) : IDisposable
    {
        public void Dispose() => reader.depth--;
    }
}
