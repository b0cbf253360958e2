namespace Remix.JsRuntime;

/// <summary>
/// Answers what a run asks of <c>remix</c>. Operations are named as the code names them (<c>db.get</c>, <c>files.write</c>,
/// <c>agents.call</c>); arguments are a JSON array, the answer is any JSON, both with tagged values. A run may have
/// several calls under way at once. Throw <see cref="JsHostException"/> for what the author should read.
/// </summary>
public interface IJsHost
{
    Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop);
}

/// <summary>Arrives in the author's code as an <c>Error</c> with this message, and with <paramref name="code"/> as its <c>code</c>.</summary>
public sealed class JsHostException(string message, string code = "ERROR") : Exception(message)
{
    public string Code { get; } = code;
}
