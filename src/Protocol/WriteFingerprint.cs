using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansSync.Protocol;

/// <summary>Tells a resend from another write under the same id: 64 bits of a hash of op and data, the same on every node and for ever.</summary>
public static class WriteFingerprint
{
    /// <summary>The fingerprint; data that is equal, members in another order included, has the same.</summary>
    public static long Of(Write write)
    {
        var text = new ArrayBufferWriter<byte>((write.Data?.Length ?? 0) + 16);
        var json = new JsonOut(text);
        json.Raw(Words.Of(write.Op));
        if (write.Data is not null)
            CanonicalText.Write(ref json, write.Data);
        json.End();

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
