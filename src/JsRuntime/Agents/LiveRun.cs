using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Remix.JsRuntime.Agents;

/// <summary>A run while it lasts, under a name that nobody can guess: what its process may ask of us in its name.</summary>
internal sealed class LiveRun(JsRun run, SlotLoads loads, Action<Exception, string> failed, CancellationToken stop)
{
    /// <summary>What the code learns of a failure of ours.</summary>
    public const string Failure = """{"message":"The server failed to answer. Try again","code":"INTERNAL_ERROR"}""";

    /// <summary>Deeper than what the two sides pass to each other.</summary>
    private const int DepthMax = 512;

    /// <summary>Gives the code, made ready to be loaded. What is wrong with it arrives in the call that asked for it.</summary>
    public async Task Code(HttpContext context)
    {
        byte[] prepared;
        try
        {
            loads(run.CodeKey);
            prepared = AuthorCode.Prepare(await run.Code(stop));
        }
        catch (AuthorSyntaxException e)
        {
            await Answer(context, StatusCodes.Status422UnprocessableEntity, JsonSerializer.SerializeToUtf8Bytes(
                new JsError("SyntaxError", e.Message, e.Stack), AgentJson.Options));
            return;
        }
        catch (JsHostException e)
        {
            await Answer(context, StatusCodes.Status422UnprocessableEntity, JsonSerializer.SerializeToUtf8Bytes(
                new JsError("Error", e.Message, ""), AgentJson.Options));
            return;
        }

        await Answer(context, StatusCodes.Status200OK, prepared);
    }

    /// <summary>Passes a call of <c>remix</c> to the host.</summary>
    public async Task Call(HttpContext context, string operation)
    {
        try
        {
            using var arguments = new MemoryStream();
            await context.Request.Body.CopyToAsync(arguments, stop);
            await Answer(context, StatusCodes.Status200OK,
                await run.Host.Call(operation, arguments.GetBuffer().AsMemory(0, (int)arguments.Length), stop));
        }
        catch (JsHostException e)
        {
            await Answer(context, StatusCodes.Status422UnprocessableEntity, JsonSerializer.SerializeToUtf8Bytes(
                new { message = e.Message, code = e.Code }));
        }
    }

    /// <summary>
    /// Passes calls that wait, and answers each when it is done by a line: which, with what status, and the text. So a run that waits
    /// in many places holds one connection.
    /// </summary>
    public async Task Wait(HttpContext context)
    {
        using var asked = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = DepthMax }, stop);
        context.Response.StatusCode = StatusCodes.Status200OK;
        await context.Response.StartAsync(stop);
        using var turn = new SemaphoreSlim(1);
        await Task.WhenAll(asked.RootElement.EnumerateArray().Select(async (one, index) =>
        {
            var (status, text) = await Wait(one[0].GetString()!, Encoding.UTF8.GetBytes(one[1].GetRawText()));
            await turn.WaitAsync(stop);
            try
            {
                var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{index},{status},"));
                byte[] line = [.. head, .. JsonSerializer.SerializeToUtf8Bytes(text, AgentJson.Options), .. "]\n"u8];
                await context.Response.Body.WriteAsync(line, stop);
            }
            finally
            {
                turn.Release();
            }
        }));
    }

    private async Task<(int Status, string Text)> Wait(string operation, byte[] arguments)
    {
        try
        {
            return (StatusCodes.Status200OK, Encoding.UTF8.GetString((await run.Host.Call(operation, arguments, stop)).Span));
        }
        catch (JsHostException e)
        {
            return (StatusCodes.Status422UnprocessableEntity, JsonSerializer.Serialize(new { message = e.Message, code = e.Code }));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            failed(e, operation);
            return (StatusCodes.Status500InternalServerError, Failure);
        }
    }

    private async Task Answer(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, stop);
    }
}

/// <summary>Hears that a process loads code.</summary>
internal delegate void SlotLoads(string codeKey);
