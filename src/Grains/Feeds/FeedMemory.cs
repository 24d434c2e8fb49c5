using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

/// <summary>
/// The newest entries of a feed, as far as they are committed: what tails read without going to the store.
/// </summary>
internal sealed class FeedMemory(FeedPlace place)
{
    private const int MostEntries = 4096;
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly PlacedRing<FeedEntry> _entries = new(MostEntries);
    private long _bytes;
    private long _complete = place.Head;

    /// <summary>Where the feed stands for readers.</summary>
    public FeedPlace Place { get; private set; } = place;

    /// <summary>Shows a commit that is durable. They come in the order of their places.</summary>
    public FeedEntry Add(RecordCommit commit)
    {
        var entry = new FeedEntry
        {
            Seq = commit.Seq,
            Record = commit.State!.View,
            Write = commit.Entry.Write,
            KnowsBefore = true,
            Before = commit.Before,
        };
        Add(entry);
        return entry;
    }

    /// <summary>Entries after a place, or null when memory does not reach back so far.</summary>
    public FeedSlice? After(long after, int limit)
    {
        if (after >= Place.Head) return new([], Place.Head, Place);
        if (after < _complete) return null;
        var from = _entries.FirstAfter(after, static entry => entry.Seq);
        var entries = _entries.Slice(from, limit);
        return new(entries, entries.Count > 0 ? entries[^1].Seq : Place.Head, Place);
    }

    public void RaiseFloor(long floor)
    {
        if (floor > Place.Floor) Place = Place with { Floor = floor };
    }

    private void Add(FeedEntry entry)
    {
        while (_entries.Count == MostEntries || (_entries.Count > 0 && _bytes + Size(entry) > MostBytes))
        {
            var oldest = _entries.RemoveOldest();
            _bytes -= Size(oldest);
            _complete = oldest.Seq;
        }

        _entries.Add(entry);
        _bytes += Size(entry);
        Place = Place with { Head = entry.Seq };
    }

    // What stood before is mostly the same array as the entry before has: it is counted once.
    private static long Size(FeedEntry entry) => 200 + (entry.Record.Data?.Length ?? 0) + (entry.Record.Conflict?.Bytes ?? 0);
}
