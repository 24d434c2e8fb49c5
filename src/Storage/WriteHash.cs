using System.Runtime.InteropServices;

namespace OrleansSync.Storage;

/// <summary>
/// The 64 bits by which a remembered write is recognised (protocol §4.1): of author and write id, the same in every process and version.
/// A match is a hint only: <see cref="ISyncStore.ReadWrite"/> says whether it is that write.
/// </summary>
public static class WriteHash
{
    // FNV-1a over the UTF-16 text: a hint needs no more, and every write pays for it.
    private const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static long Of(string author, string write) => (long)Mix(Mix(Start, author) * Prime, write);

    private static ulong Mix(ulong hash, string text)
    {
        foreach (var unit in MemoryMarshal.Cast<char, ushort>(text.AsSpan())) hash = (hash ^ unit) * Prime;
        return hash;
    }
}
