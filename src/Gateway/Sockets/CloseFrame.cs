using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace OrleansSync.Gateway.Sockets;

/// <summary>The last frame of a socket (RFC 6455 §5.5.1).</summary>
internal static class CloseFrame
{
    /// <param name="reason">At most 123 bytes.</param>
    public static byte[] Of(CloseCode code, string reason)
    {
        Span<byte> payload = stackalloc byte[Frame.MaxControl];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        var length = Encoding.UTF8.GetBytes(reason, payload[2..]);
        return Frame.Of(Opcode.Close, payload[..(2 + length)]);
    }

    /// <summary>The answer to a peer's close: its code again, or that it was none.</summary>
    public static byte[] Answering(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return Frame.Of(Opcode.Close, []);
        return payload.Length >= 2 && IsCode(BinaryPrimitives.ReadUInt16BigEndian(payload)) && Utf8.IsValid(payload[2..])
            ? Frame.Of(Opcode.Close, payload[..2])
            : Of(CloseCode.ProtocolError, "no close code");
    }

    private static bool IsCode(ushort code) => code is >= 1000 and <= 1014 and not (1004 or 1005 or 1006) or >= 3000 and <= 4999;
}
