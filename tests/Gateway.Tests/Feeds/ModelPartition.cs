using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>One partition of the model's feed: everything that happened in it, what a store would have kept of that, and its stream.</summary>
internal sealed class ModelPartition(long start)
{
    private readonly Lock _gate = new();
    private readonly List<FeedEntry> _log = [];
    private readonly SortedDictionary<long, FeedEntry> _rows = [];
    private readonly Dictionary<string, FeedEntry> _latest = [];
    private readonly List<FeedEntry> _undelivered = [];
    private readonly List<Action<IReadOnlyList<FeedEntry>>> _followers = [];

    public FeedPlace Place { get; private set; } = new("life1", start, 0);

    public int Followers
    {
        get
        {
            lock (_gate) return _followers.Count;
        }
    }

    public bool IsLive(string id) => _latest.TryGetValue(id, out var entry) && !entry.Record.Deleted;

    public void Commit(string id, byte[]? data)
    {
        lock (_gate)
        {
            var before = _latest.GetValueOrDefault(id);
            var entry = new FeedEntry
            {
                Seq = Place.Head + 1,
                Record = new()
                {
                    Id = id,
                    Version = (before?.Record.Version ?? 0) + 1,
                    Timestamp = new(DateTime.UnixEpoch.Ticks + Place.Head - start),
                    Author = "ada",
                    Data = data,
                },
                KnowsBefore = true,
                Before = before?.Record.Data,
            };
            if (before is not null) _rows.Remove(before.Seq);
            _log.Add(entry);
            _latest[id] = entry;
            _rows[entry.Seq] = entry;
            Place = Place with { Head = entry.Seq };
            _undelivered.Add(entry);
        }
    }

    public void Deliver(bool reversed)
    {
        FeedEntry[] entries;
        Action<IReadOnlyList<FeedEntry>>[] followers;
        lock (_gate)
        {
            entries = [.. _undelivered];
            followers = [.. _followers];
            _undelivered.Clear();
        }
        if (reversed) Array.Reverse(entries);
        if (entries.Length > 0)
            foreach (var follower in followers) follower(entries);
    }

    public void HoldAgain(int count)
    {
        lock (_gate) _undelivered.InsertRange(0, _log.TakeLast(count));
    }

    public void Lose()
    {
        lock (_gate) _undelivered.Clear();
    }

    public void Sweep(long floor)
    {
        lock (_gate)
        {
            foreach (var seq in _rows.Where(row => row.Key <= floor && row.Value.Record.Deleted).Select(row => row.Key).ToArray()) _rows.Remove(seq);
            Place = Place with { Floor = Math.Max(Place.Floor, floor) };
        }
    }

    /// <summary>Forgets tombstones up to a part of the way from its start.</summary>
    public void SweepPercent(int percent) => Sweep(Place.Head == start ? Place.Floor : start + (Place.Head - start) * percent / 100);

    public void Restore()
    {
        lock (_gate)
        {
            _log.Clear();
            _rows.Clear();
            _latest.Clear();
            _undelivered.Clear();
            Place = new("life2", start, 0);
        }
    }

    public FeedSlice ReadAfter(long after, int limit, int remembers)
    {
        lock (_gate)
        {
            if (after >= Place.Head) return new([], Place.Head, Place);
            var forgotten = _log.Count - remembers;
            FeedEntry[] entries = after >= (forgotten <= 0 ? 0 : _log[forgotten - 1].Seq)
                ? [.. _log.Where(entry => entry.Seq > after).Take(limit)]
                : [.. _rows.Values.Where(row => row.Seq > after).Take(limit).Select(row => row with { KnowsBefore = false, Before = null })];
            return new(entries, entries.Length == limit ? entries[^1].Seq : Place.Head, Place);
        }
    }

    public IAsyncDisposable Follow(Action<IReadOnlyList<FeedEntry>> arrived)
    {
        lock (_gate) _followers.Add(arrived);
        return new Following(this, arrived);
    }

    public IEnumerable<RecordVersion> AsOf(long seq)
    {
        lock (_gate)
        {
            var latest = new Dictionary<string, RecordVersion>();
            foreach (var entry in _log.TakeWhile(entry => entry.Seq <= seq)) latest[entry.Record.Id] = entry.Record;
            return latest.Values;
        }
    }

    public bool Ever(string id, Func<RecordVersion, bool> passes)
    {
        lock (_gate) return _log.Any(entry => entry.Record.Id == id && !entry.Record.Deleted && passes(entry.Record));
    }

    private sealed class Following(ModelPartition partition, Action<IReadOnlyList<FeedEntry>> arrived) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lock (partition._gate) partition._followers.Remove(arrived);
            return default;
        }
    }
}
