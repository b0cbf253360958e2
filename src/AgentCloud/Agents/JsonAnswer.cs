using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Remix.AgentCloud.Agents;

/// <summary>JSON written as it came, without another look, and piece by piece: it may be long.</summary>
internal sealed class JsonAnswer(JsonElement value) : IResult
{
    private const int PieceMax = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = JsonMarshal.GetRawUtf8Value(value).Length;
        for (var written = 0; written < response.ContentLength;)
        {
            written += WritePiece(response.BodyWriter, written);
            if ((await response.BodyWriter.FlushAsync(httpContext.RequestAborted)).IsCompleted)
            {
                return;
            }
        }
    }

    private int WritePiece(PipeWriter writer, int from)
    {
        var rest = JsonMarshal.GetRawUtf8Value(value)[from..];
        var piece = rest[..Math.Min(rest.Length, PieceMax)];
        writer.Write(piece);
        return piece.Length;
    }
}
