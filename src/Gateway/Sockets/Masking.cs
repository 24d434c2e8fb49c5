using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansSync.Gateway.Sockets;

/// <summary>Takes the mask off what a client sent (RFC 6455 §5.3), as many bytes at once as the processor can.</summary>
internal static class Masking
{
    public static void Remove(Span<byte> payload, ReadOnlySpan<byte> mask)
    {
        var word = MemoryMarshal.Read<uint>(mask);
        var wide = new Vector<uint>(word);
        var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(payload);
        for (var i = 0; i < vectors.Length; i++) vectors[i] ^= wide;

        var rest = payload[(vectors.Length * Vector<byte>.Count)..];
        for (var i = 0; i < rest.Length; i++) rest[i] ^= mask[i & 3];
    }
}
