using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Sockets;

/// <summary>Frames as a client sends them: masked, and where a test wants it, wrong.</summary>
internal static class ClientFrame
{
    private static readonly byte[] Mask = [0x11, 0x22, 0x83, 0xF4];

    public static byte[] Text(string text) => Of(Opcode.Text, System.Text.Encoding.UTF8.GetBytes(text));

    public static byte[] Of(Opcode opcode, ReadOnlySpan<byte> payload, bool final = true)
    {
        var server = Frame.Of(opcode, payload);
        var header = Frame.HeaderLength(payload.Length);
        var frame = new byte[server.Length + Mask.Length];
        server.AsSpan(0, header).CopyTo(frame);
        if (!final) frame[0] &= 0x7F;
        frame[1] |= 0x80;
        Mask.CopyTo(frame, header);
        for (var i = 0; i < payload.Length; i++) frame[header + Mask.Length + i] = (byte)(payload[i] ^ Mask[i & 3]);
        return frame;
    }

    public static byte[] Close(ushort code) => Of(Opcode.Close, [(byte)(code >> 8), (byte)code]);
}
