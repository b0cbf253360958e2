using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Data.Sqlite;

namespace Remix.JsRuntime.Workers.Objects;

/// <summary>
/// A bucket of objects, as the binding in a worker speaks to it: what is asked comes as JSON, in a header or before the
/// object's bytes; the answer is JSON, and the bytes behind it.
/// </summary>
internal sealed class R2Store(string folder, string name)
{
    private const string RequestHeader = "CF-R2-Request", SizeHeader = "CF-R2-Metadata-Size", ErrorHeader = "CF-R2-Error";

    /// <summary>The longest request names a thousand keys to be deleted.</summary>
    private const int RequestBytesMax = 2 * 1024 * 1024;

    private readonly R2Index index = new(folder, name);
    private readonly R2Bodies bodies = new(Path.Combine(folder, $"r2-{name}"));

    public async Task Answer(HttpContext context)
    {
        try
        {
            bodies.Sweep(index);
            await (HttpMethods.IsGet(context.Request.Method) ? Look(context) : Change(context));
        }
        catch (R2Exception e)
        {
            await Refuse(context, e);
        }
        catch (SqliteException e)
        {
            await Refuse(context, e.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL ? R2Exception.Full() : R2Exception.Busy());
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or BadHttpRequestException)
        {
            await Refuse(context, R2Exception.NotUnderstood());
        }
    }

    private async Task Look(HttpContext context)
    {
        var asked = R2Request.Read(Encoding.UTF8.GetBytes(context.Request.Headers[RequestHeader].ToString()));
        switch (asked.Method)
        {
            case "head":
                await Tell(context, (index.Find(asked.Key) ?? throw R2Exception.NoSuchKey()).Shown());
                break;
            case "get":
                await Get(context, asked);
                break;
            case "list":
                await Tell(context, R2Listing.Of(index, asked));
                break;
            default:
                throw R2Exception.NotUnderstood();
        }
    }

    private async Task Get(HttpContext context, R2Request asked)
    {
        var found = index.Find(asked.Key) ?? throw R2Exception.NoSuchKey();
        if (!asked.Condition.Holds(found))
        {
            throw R2Exception.PreconditionFailed(found);
        }

        var (offset, length) = asked.Range(found.Size);
        await using var body = bodies.Open(found.Body) ?? throw R2Exception.NoSuchKey();
        var head = Bytes(found.Shown((offset, length)));
        context.Response.Headers[SizeHeader] = Text(head.Length);
        context.Response.ContentLength = head.Length + length;
        await context.Response.Body.WriteAsync(head, context.RequestAborted);
        body.Position = offset;
        await R2Bodies.Copy(body, context.Response.Body, length, context.RequestAborted);
    }

    private async Task Change(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = R2Bodies.BytesMax + RequestBytesMax;
        }

        if (!int.TryParse(context.Request.Headers[SizeHeader], CultureInfo.InvariantCulture, out var size) || size is < 0 or > RequestBytesMax)
        {
            throw R2Exception.NotUnderstood();
        }

        var head = new byte[size];
        await context.Request.Body.ReadExactlyAsync(head, context.RequestAborted);
        var asked = R2Request.Read(head);
        switch (asked.Method)
        {
            case "put":
                await Tell(context, (await Put(context, asked)).Shown());
                break;
            case "delete":
                index.Delete(asked.Keys).ForEach(bodies.Delete);
                await Tell(context, []);
                break;
            case "createMultipartUpload":
                await Tell(context, new JsonObject { ["uploadId"] = index.Begin(asked) });
                break;
            case "uploadPart":
                await Tell(context, new JsonObject { ["etag"] = await Part(context, asked) });
                break;
            case "completeMultipartUpload":
                await Tell(context, (await Complete(asked, context.RequestAborted)).Shown());
                break;
            case "abortMultipartUpload":
                index.Abort(asked.UploadId).ForEach(bodies.Delete);
                await Tell(context, []);
                break;
            default:
                throw R2Exception.NotUnderstood();
        }
    }

    private async Task<R2Object> Put(HttpContext context, R2Request asked)
    {
        var body = await bodies.Receive(context.Request.Body, asked.Digests, context.RequestAborted);
        return Keep(() => index.Put(R2Object.New(asked, body, body.Digests["md5"]), asked.Condition), body.Id);
    }

    private async Task<string> Part(HttpContext context, R2Request asked)
    {
        index.RequireUpload(asked);
        var body = await bodies.Receive(context.Request.Body, new Dictionary<string, byte[]>(), context.RequestAborted);
        return Keep(() => (index.PutPart(asked, body), body.Digests["md5"]), body.Id);
    }

    private async Task<R2Object> Complete(R2Request asked, CancellationToken stop)
    {
        var parts = index.Parts(asked);
        var body = await bodies.Join([.. parts.Select(part => part.Body)], stop);
        var made = R2Object.New(asked with { Http = parts[0].Http, Custom = parts[0].Custom }, body, R2Object.JoinedTag(parts));
        return Keep(() => index.Complete(asked.UploadId, made), body.Id);
    }

    /// <summary>The body stays when its row does, and others go; otherwise it goes.</summary>
    private T Keep<T>(Func<(List<string> Replaced, T Made)> write, string body)
    {
        try
        {
            var (replaced, made) = write();
            replaced.ForEach(bodies.Delete);
            return made;
        }
        catch
        {
            bodies.Delete(body);
            throw;
        }
    }

    private static Task Tell(HttpContext context, JsonObject answer)
    {
        var bytes = Bytes(answer);
        context.Response.Headers[SizeHeader] = Text(bytes.Length);
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private static async Task Refuse(HttpContext context, R2Exception e)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = e.Status;
        context.Response.Headers[ErrorHeader] = new JsonObject { ["version"] = 1, ["v4code"] = e.Code, ["message"] = e.Message }.ToJsonString();
        if (e.Found is { } found)
        {
            await Tell(context, found.Shown());
        }
    }

    private static byte[] Bytes(JsonObject answer) => Encoding.UTF8.GetBytes(answer.ToJsonString());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
