using System.Security.Cryptography;
using System.Text;

namespace OrleansSync.Gateway.Http;

/// <summary>Ids of records that a client lets the server name.</summary>
internal static class NewIds
{
    private const int GuidBytes = 16;
    private const byte Version8 = 0x80;
    private const byte Variant = 0x80;

    /// <summary>A UUIDv7: ids that sort by the time they were made.</summary>
    public static string Fresh(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString();

    /// <summary>
    /// The same id for the same author and key, so that a resend meets the record that the first one made. A UUIDv8, for what one
    /// defines oneself (RFC 9562).
    /// </summary>
    public static string Derived(string collection, string author, string key)
    {
        // None of the three can hold a zero byte, so that different triples are different texts.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{collection}\0{author}\0{key}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | Version8);
        hash[8] = (byte)((hash[8] & 0x3F) | Variant);
        return new Guid(hash[..GuidBytes], bigEndian: true).ToString();
    }
}
