using System.Buffers.Binary;
using System.Security.Cryptography;
using OrleansSync.Grains.Collections;

namespace OrleansSync.Gateway.Http;

/// <summary>The entity tag of a list: changes with the records shown, their versions and their order, and with whether more follow.</summary>
internal static class ListTag
{
    private const int TagBytes = 12;

    public static string Of(ListedRecords page)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> piece = stackalloc byte[Protocol.Names.MaxIdLength + 2 * sizeof(long) + 1];
        foreach (var record in page.Records)
        {
            // The timestamp too: another life of the data may come to the same versions.
            BinaryPrimitives.WriteInt64LittleEndian(piece, record.Version);
            BinaryPrimitives.WriteInt64LittleEndian(piece[sizeof(long)..], record.Timestamp.Ticks);
            var id = System.Text.Encoding.ASCII.GetBytes(record.Id, piece[(2 * sizeof(long))..]);
            piece[2 * sizeof(long) + id] = 0;
            hash.AppendData(piece[..(2 * sizeof(long) + id + 1)]);
        }
        piece[0] = page.Next is null ? (byte)0 : (byte)1;
        hash.AppendData(piece[..1]);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        return $"\"{Convert.ToHexStringLower(whole[..TagBytes])}\"";
    }
}
