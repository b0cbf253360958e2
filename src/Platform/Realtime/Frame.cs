using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Remix.Platform.Events;
using Remix.Platform.Text;

namespace Remix.Platform.Realtime;

/// <summary>
/// One event as it goes out, encoded once for all who get it: <c>{"type","seq","data","at"}</c>, as a WebSocket text
/// frame (RFC 6455, unmasked as servers send) whose tail is the JSON by itself.
/// </summary>
internal sealed class Frame
{
    public static readonly byte[] Ping = [0x89, 0x00];

    private readonly int headerLength;

    private Frame(byte[] bytes, int headerLength, long seq, string kind)
    {
        (Bytes, this.headerLength, Seq, Kind) = (bytes, headerLength, seq, kind);
    }

    public byte[] Bytes { get; }

    /// <summary>The event's number, or 0 for what is said in passing and not kept (presence, typing).</summary>
    public long Seq { get; }

    public string Kind { get; }

    public ReadOnlyMemory<byte> Json => Bytes.AsMemory(headerLength);

    public static Frame Of(LogEvent logged) => Of(logged.Kind, logged.Seq, logged.Payload, logged.AtMs);

    public static Frame Of(string kind, long seq, string payload, long atMs)
    {
        var text = new StringBuilder(payload.Length + 96)
            .Append("{\"type\":\"").Append(JsonEncodedText.Encode(kind, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append('"');
        if (seq > 0)
        {
            text.Append(",\"seq\":").Append(seq);
        }

        text.Append(",\"data\":").Append(payload).Append(",\"at\":\"").Append(atMs.ToIso()).Append("\"}");
        return Encode(text.ToString(), seq, kind);
    }

    private static Frame Encode(string json, long seq, string kind)
    {
        var length = Encoding.UTF8.GetByteCount(json);
        var header = length < 126 ? 2 : length <= ushort.MaxValue ? 4 : 10;
        var bytes = new byte[header + length];
        bytes[0] = 0x81;
        switch (header)
        {
            case 2:
                bytes[1] = (byte)length;
                break;
            case 4:
                bytes[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)length);
                break;
            default:
                bytes[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), (ulong)length);
                break;
        }

        Encoding.UTF8.GetBytes(json, bytes.AsSpan(header));
        return new Frame(bytes, header, seq, kind);
    }
}
