using System.Buffers.Binary;

namespace OrleansSync.Gateway.Sockets;

/// <summary>What a WebSocket frame carries (RFC 6455 §5.2).</summary>
internal enum Opcode : byte { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 }

/// <summary>Writes the headers of frames that a server sends: whole messages, never masked, so that the same bytes serve every socket.</summary>
internal static class Frame
{
    /// <summary>Bytes of the longest header.</summary>
    public const int MaxHeader = 10;

    /// <summary>Most bytes a ping, pong or close may carry.</summary>
    public const int MaxControl = 125;

    private const byte Final = 0x80;

    public static int HeaderLength(int payload) => payload <= MaxControl ? 2 : payload <= ushort.MaxValue ? 4 : MaxHeader;

    /// <summary>Writes the header of a final frame and returns its length.</summary>
    public static int WriteHeader(Span<byte> destination, Opcode opcode, int payload)
    {
        destination[0] = (byte)(Final | (byte)opcode);
        switch (HeaderLength(payload))
        {
            case 2:
                destination[1] = (byte)payload;
                return 2;
            case 4:
                destination[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payload);
                return 4;
            default:
                destination[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(destination[2..], (ulong)payload);
                return MaxHeader;
        }
    }

    /// <summary>A whole frame around a payload.</summary>
    public static byte[] Of(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderLength(payload.Length) + payload.Length];
        payload.CopyTo(frame.AsSpan(WriteHeader(frame, opcode, payload.Length)));
        return frame;
    }
}
