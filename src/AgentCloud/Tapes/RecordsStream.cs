using System.Buffers;
using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Records;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Tapes;

/// <summary>The records of an app as a file, made as it is read: an array of what is current, or a line for each version.</summary>
internal sealed class RecordsStream(SqlSession session, App app, RecordScope scope, bool isArray) : Stream
{
    private readonly ArrayBufferWriter<byte> page = new();
    private long? after = 0;
    private int at;
    private long position;
    private bool isFirst = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (at == page.WrittenCount && after is not null)
        {
            await NextPage();
        }

        var count = Math.Min(buffer.Length, page.WrittenCount - at);
        page.WrittenMemory.Slice(at, count).CopyTo(buffer);
        at += count;
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task NextPage()
    {
        at = 0;
        page.ResetWrittenCount();
        var found = await RecordStore.All(session, app, scope, after!.Value, RecordStore.PageMax);
        after = found.Next;
        foreach (var record in found.Records)
        {
            page.Write(!isArray ? [] : isFirst ? "[\n"u8 : ",\n"u8);
            isFirst = false;
            using (var json = new Utf8JsonWriter(page, RecordJson.Writing))
            {
                if (isArray)
                {
                    record.Write(json);
                }
                else
                {
                    TapeHistory.Write(json, record);
                }
            }

            page.Write(isArray ? [] : "\n"u8);
        }

        if (after is null && isArray)
        {
            page.Write(isFirst ? "[]\n"u8 : "\n]\n"u8);
        }
    }
}
