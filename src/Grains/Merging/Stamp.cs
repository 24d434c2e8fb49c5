using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>
/// When an edit counts as made, and by which write: what decides between two values. The order is total as far as writes can be told
/// apart: by time, then author, client and write id as UTF-8 bytes, absent being empty.
/// </summary>
internal sealed record Stamp(Timestamp At, string Author, string? Client, string? Write) : IComparable<Stamp>
{
    /// <summary>The same write, moved to just past what it replaces.</summary>
    public Stamp Past(Stamp replaced) => this > replaced ? this : this with { At = replaced.At.Next };

    public int CompareTo(Stamp? other)
    {
        if (other is null) return 1;
        var order = At.CompareTo(other.At);
        if (order != 0) return order;
        order = Compare(Author, other.Author);
        if (order != 0) return order;
        order = Compare(Client, other.Client);
        return order != 0 ? order : Compare(Write, other.Write);
    }

    /// <summary>Before every edit.</summary>
    public static readonly Stamp Never = new(default, "", null, null);

    public static bool operator >(Stamp? a, Stamp? b) => a is not null && a.CompareTo(b) > 0;
    public static bool operator <(Stamp? a, Stamp? b) => b > a;

    public static Stamp? Later(Stamp? a, Stamp? b) => a is null || (b is not null && b > a) ? b : a;

    // Ordinal order of UTF-16 is that of UTF-8 except where surrogates are involved.
    private static int Compare(string? a, string? b)
    {
        a ??= "";
        b ??= "";
        if (Ascii.IsValid(a) && Ascii.IsValid(b)) return string.CompareOrdinal(a, b);
        return Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
    }
}

/// <summary>Which version changed a value last, and whose edit that was: what decides whether a write knew of it.</summary>
/// <param name="Sent">The timestamp as the author sent it, before anything moved it.</param>
internal sealed record ChangeMark(long Version, string Author, string? Client, Timestamp Sent)
{
    /// <summary>Nobody conflicts with their own earlier edits.</summary>
    public bool IsOwnEarlierEditOf(Write write, Timestamp sent) =>
        Client is not null && Client == write.Client && Author == write.Author && Sent <= sent;
}
