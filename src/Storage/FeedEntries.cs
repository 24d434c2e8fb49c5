using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>A part of a feed as the store has it.</summary>
/// <param name="Entries">Oldest first, the latest version of each record.</param>
/// <param name="More">True when it ended before the end of the feed.</param>
public sealed record FeedEntries(IReadOnlyList<FeedEntry> Entries, bool More)
{
    /// <summary>Bytes of records after which a part ends before its limit.</summary>
    internal const int MostBytes = 8 << 20;
}
