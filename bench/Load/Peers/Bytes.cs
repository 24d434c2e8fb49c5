using System.Buffers;
using System.Buffers.Text;

namespace OrleansSync.Load.Peers;

/// <summary>Messages put together from bytes.</summary>
internal static class Bytes
{
    /// <summary>In decimal digits.</summary>
    public static void Number(this IBufferWriter<byte> to, int number)
    {
        Utf8Formatter.TryFormat(number, to.GetSpan(11), out var length);
        to.Advance(length);
    }

    /// <summary>Seven bits a byte, the lowest first: as protocol buffers and Yjs write numbers.</summary>
    public static void VarUint(this IBufferWriter<byte> to, uint number)
    {
        var span = to.GetSpan(5);
        var length = 0;
        for (; number > 0x7f; number >>= 7) span[length++] = (byte)(number | 0x80);
        span[length++] = (byte)number;
        to.Advance(length);
    }

    /// <summary>Its length, and the bytes.</summary>
    public static void VarBytes(this IBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        to.VarUint((uint)bytes.Length);
        to.Write(bytes);
    }
}
