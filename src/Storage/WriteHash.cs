using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSync.Storage;

/// <summary>
/// The 64 bits by which a remembered write is recognised (protocol §4.1): of author and write id, the same in every process and version.
/// A match is a hint only: <see cref="ISyncStore.ReadWrite"/> says whether it is that write.
/// </summary>
public static class WriteHash
{
    private const int StackBytes = 512;

    public static long Of(string author, string write)
    {
        var room = Encoding.UTF8.GetMaxByteCount(author.Length) + 1 + Encoding.UTF8.GetMaxByteCount(write.Length);
        Span<byte> bytes = room <= StackBytes ? stackalloc byte[StackBytes] : new byte[room];
        var length = Encoding.UTF8.GetBytes(author, bytes);
        bytes[length++] = 0;
        length += Encoding.UTF8.GetBytes(write, bytes[length..]);

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], digest);
        return BinaryPrimitives.ReadInt64LittleEndian(digest);
    }
}
