using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Remix.JsRuntime.Agents;

/// <summary>A run while it lasts, under a name that nobody can guess: what its process may ask of us in its name.</summary>
internal sealed class LiveRun(JsRun run, SlotLoads loads, CancellationToken stop)
{
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

    private async Task Answer(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, stop);
    }
}

/// <summary>Hears that a process loads code.</summary>
internal delegate void SlotLoads(string codeKey);
