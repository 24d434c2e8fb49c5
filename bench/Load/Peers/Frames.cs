using System.Buffers;
using System.Buffers.Binary;

namespace OrleansSync.Load.Peers;

/// <summary>WebSocket frames of a client, text or binary, of any size, with a mask of zero.</summary>
internal static class Frames
{
    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> payload, bool binary)
    {
        var head = to.GetSpan(14);
        head[0] = (byte)(0x80 | (binary ? 2 : 1));
        var length = Length(head, payload.Length);
        head.Slice(length, 4).Clear();
        to.Advance(length + 4);
        to.Write(payload);
    }

    public static async Task SendBinary(this RawSocket socket, ReadOnlyMemory<byte> payload)
    {
        var frame = new ArrayBufferWriter<byte>();
        Write(frame, payload.Span, binary: true);
        await socket.Send(frame.WrittenMemory);
    }

    private static int Length(Span<byte> head, int length)
    {
        switch (length)
        {
            case < 126:
                head[1] = (byte)(0x80 | length);
                return 2;
            case <= ushort.MaxValue:
                head[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)length);
                return 4;
            default:
                head[1] = 0x80 | 127;
                BinaryPrimitives.WriteUInt64BigEndian(head[2..], (ulong)length);
                return 10;
        }
    }
}
