using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

/// <summary>
/// The newest entries of a feed, as far as they are committed: what tails read without going to the store. Commits are told here in the
/// order of their places, and shown in that order even if their answers come in another.
/// </summary>
internal sealed class FeedMemory(FeedPlace place)
{
    private const int MostEntries = 4096;
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly Queue<Awaited> _awaited = new();
    private readonly PlacedRing<FeedEntry> _entries = new(MostEntries);
    private long _bytes;
    private long _complete = place.Head;

    /// <summary>Where the feed stands for readers.</summary>
    public FeedPlace Place { get; private set; } = place;

    /// <summary>A commit that has its place and is on its way.</summary>
    public Awaited? Expect(RecordCommit commit)
    {
        if (!commit.MakesVersion) return null;
        var awaited = new Awaited(new FeedEntry
        {
            Seq = commit.Seq,
            Record = commit.State!.View,
            Write = commit.Entry.Write,
            KnowsBefore = true,
            Before = commit.Before,
        });
        _awaited.Enqueue(awaited);
        return awaited;
    }

    /// <summary>It is durable: the entries that can be shown now, oldest first.</summary>
    public IReadOnlyList<FeedEntry> Show(Awaited? durable)
    {
        if (durable is null) return [];
        durable.Durable = true;
        List<FeedEntry>? shown = null;
        while (_awaited.TryPeek(out var next) && next.Durable)
        {
            Add(_awaited.Dequeue().Entry);
            (shown ??= []).Add(next.Entry);
        }

        return shown ?? (IReadOnlyList<FeedEntry>)[];
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

    internal sealed class Awaited(FeedEntry entry)
    {
        public FeedEntry Entry { get; } = entry;
        public bool Durable { get; set; }
    }
}
