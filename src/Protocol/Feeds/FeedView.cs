using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSync.Protocol;

/// <summary>
/// Names what a subscriber sees: a collection through a filter and through what the caller may read. A short name, not a key that rights may rest on:
/// whoever shares work between subscribers compares the three texts themselves.
/// </summary>
public readonly record struct FeedView(string Name)
{
    /// <summary>Characters of the name, 0-9 a-z.</summary>
    public const int Length = 10;

    // 36^10: as many names as ten characters can tell apart.
    private const ulong Names = 3_656_158_440_062_976;

    /// <summary>The view's name: the same on every node.</summary>
    /// <param name="collection">The collection's name.</param>
    /// <param name="filter">The canonical text of the filter; null = none.</param>
    /// <param name="access">What of the collection the caller may read, in any text that tells views apart; empty = all.</param>
    public static FeedView Of(string collection, string? filter, string access)
    {
        var text = Encoding.UTF8.GetBytes($"{collection}\n{filter?.Length ?? -1}\n{filter}\n{access}");
        var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(text));
        return new FeedView(Base36.Write((long)(hash % Names), Length));
    }

    public override string ToString() => Name;
}
