namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Sort keys as the index has them: cut where they are too long for it. A cut key is one byte longer than the longest whole one, and sorts after
/// all whole keys that begin like it; those that are cut alike stand together, in no order.
/// </summary>
internal static class IndexKey
{
    /// <summary>The longest key that is kept whole.</summary>
    public const int Longest = 256;

    private const byte CutMark = 0;

    public static byte[] Of(byte[] key) => IsCut(key) ? [.. key.AsSpan(0, Longest), CutMark] : key;

    /// <summary>Whether this key is not kept whole.</summary>
    public static bool IsCut(byte[] key) => key.Length > Longest;

    /// <summary>Whether two keys that are not kept whole stand together.</summary>
    public static bool AreCutAlike(byte[] a, byte[] b) => a.AsSpan(0, Longest).SequenceEqual(b.AsSpan(0, Longest));

    /// <summary>The end of a range, not in it, as the index has it: what is cut like the end is still in it.</summary>
    public static byte[] EndOf(byte[] to) => IsCut(to) ? [.. Of(to), CutMark] : to;
}
