using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Remix.Platform.Realtime;

/// <summary>Serves a channel as server-sent events; <c>Last-Event-ID</c> or <c>after_seq</c> says where to resume.</summary>
public sealed class LiveStream(LiveHub hub, LiveSocket hellos)
{
    public async Task Serve(HttpContext context, LiveMember member, long? afterSeq)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        var listener = await hub.Join(member.Channel, afterSeq, (channel, place) => new StreamListener(context, channel, member, place));
        try
        {
            await listener.Send([await hellos.HelloFrame(member, listener)]);
            listener.Start();
            await listener.Ended;
        }
        finally
        {
            hub.Leave(listener);
        }
    }

    /// <summary>The number after which to resume, as the client's own reconnect names it.</summary>
    public static long? ResumeAfter(HttpRequest request)
    {
        var text = request.Headers["Last-Event-ID"].ToString();
        text = text.Length > 0 ? text : request.Query["after_seq"].ToString();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : null;
    }

    private sealed class StreamListener : Listener, IPulse
    {
        private readonly HttpContext context;
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim gate = new(1, 1);

        public StreamListener(HttpContext context, LiveChannel channel, LiveMember member, long afterSeq)
            : base(channel, member.Member, member.UserId, afterSeq)
        {
            this.context = context;
            context.RequestAborted.Register(() => ended.TrySetResult());
        }

        public Task Ended => ended.Task;

        protected override bool TakesBatches => false;

        public ValueTask Send(IReadOnlyList<Frame> frames) => WriteFrames(frames);

        protected override ValueTask WriteBatch(byte[] frames) => throw new NotSupportedException("A stream is written frame by frame.");

        protected override ValueTask WriteFrames(IReadOnlyList<Frame> frames)
        {
            var text = new ArrayBufferWriter<byte>(frames.Sum(frame => frame.Bytes.Length + 64));
            foreach (var frame in frames)
            {
                if (frame.Seq > 0)
                {
                    Append(text, $"id: {frame.Seq.ToString(CultureInfo.InvariantCulture)}\n");
                }

                Append(text, $"event: {frame.Kind}\ndata: ");
                text.Write(frame.Json.Span);
                Append(text, "\n\n");
            }

            return Write(text.WrittenMemory);
        }

        public override async ValueTask Close(CloseReason reason)
        {
            try
            {
                await Write(Encoding.UTF8.GetBytes($"event: close\ndata: {{\"code\":{reason.Code},\"reason\":{Http.RemixJson.Text(reason.Text)}}}\n\n"));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                Abort();
            }

            ended.TrySetResult();
        }

        public override void Abort() => context.Abort();

        public void Beat()
        {
            if (WritingSince == 0 && !IsClosing)
            {
                _ = Comment();
            }
        }

        private async Task Comment()
        {
            try
            {
                await Write(": still here\n\n"u8.ToArray());
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                Abort();
            }
        }

        private async ValueTask Write(ReadOnlyMemory<byte> bytes)
        {
            await gate.WaitAsync(context.RequestAborted);
            try
            {
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
            finally
            {
                gate.Release();
            }
        }

        private static void Append(ArrayBufferWriter<byte> writer, string text) => Encoding.UTF8.GetBytes(text, writer);
    }
}
