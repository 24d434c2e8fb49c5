using System.Text;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>
/// A collection in memory whose feed remembers its newest entries, keeps the latest version of each record beyond that, and whose stream brings only
/// what the test lets through.
/// </summary>
internal sealed class FeedModel : IFeedSource
{
    public const string Name = "todos";

    private readonly Lock _gate = new();
    private readonly List<FeedEntry> _log = [];
    private readonly SortedDictionary<long, FeedEntry> _rows = [];
    private readonly Dictionary<string, FeedEntry> _latest = [];
    private readonly List<FeedEntry> _undelivered = [];
    private readonly List<Action<IReadOnlyList<FeedEntry>>> _followers = [];
    private FeedPlace _place = new("life1", 0, 0);

    public Collection Collection { get; set; } = new(Name, 1, CollectionSettings.Default, default);

    /// <summary>How many of the newest entries are remembered with what stood before them.</summary>
    public int Remembers { get; set; } = 4096;

    /// <summary>Whether a write reaches the stream's followers by itself.</summary>
    public bool Streams { get; set; } = true;

    public int Reads { get; private set; }

    public int States { get; private set; }

    public int Followers
    {
        get
        {
            lock (_gate) return _followers.Count;
        }
    }

    public long Head => _place.Head;

    public long Floor => _place.Floor;

    public void Put(string id, string data) => Commit(id, Encoding.UTF8.GetBytes(data));

    public void Delete(string id) => Commit(id, null);

    public bool IsLive(string id) => _latest.TryGetValue(id, out var entry) && !entry.Record.Deleted;

    private void Commit(string id, byte[]? data)
    {
        lock (_gate)
        {
            var before = _latest.GetValueOrDefault(id);
            var entry = new FeedEntry
            {
                Seq = _place.Head + 1,
                Record = new()
                {
                    Id = id,
                    Version = (before?.Record.Version ?? 0) + 1,
                    Timestamp = new(DateTime.UnixEpoch.Ticks + _place.Head),
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
            _place = _place with { Head = entry.Seq };
            _undelivered.Add(entry);
        }
        if (Streams) Deliver();
    }

    /// <summary>Lets the stream bring what it holds back.</summary>
    public void Deliver(bool reversed = false)
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

    /// <summary>Brings the newest entries once more.</summary>
    public void DeliverAgain(int count)
    {
        lock (_gate) _undelivered.InsertRange(0, _log.TakeLast(count));
        Deliver();
    }

    /// <summary>Loses what the stream holds back.</summary>
    public void Lose()
    {
        lock (_gate) _undelivered.Clear();
    }

    /// <summary>Forgets tombstones up to a place.</summary>
    public void Sweep(long floor)
    {
        lock (_gate)
        {
            foreach (var seq in _rows.Where(row => row.Key <= floor && row.Value.Record.Deleted).Select(row => row.Key).ToArray()) _rows.Remove(seq);
            _place = _place with { Floor = Math.Max(_place.Floor, floor) };
        }
    }

    /// <summary>The database is another one now.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            _log.Clear();
            _rows.Clear();
            _latest.Clear();
            _undelivered.Clear();
            _place = new("life2", 0, 0);
        }
        Put("restored", "{}");
    }

    public Task<FeedState> ReadState(FeedKey key)
    {
        lock (_gate)
        {
            States++;
            return Task.FromResult(new FeedState(_place, Collection));
        }
    }

    public Task<FeedSlice> ReadAfter(FeedKey key, long after, int limit)
    {
        lock (_gate)
        {
            Reads++;
            if (after >= _place.Head) return Task.FromResult(new FeedSlice([], _place.Head, _place));
            var remembered = _log.Count - Remembers;
            FeedEntry[] entries = after >= (remembered <= 0 ? 0 : _log[remembered - 1].Seq)
                ? [.. _log.Where(entry => entry.Seq > after).Take(limit)]
                : [.. _rows.Values.Where(row => row.Seq > after).Take(limit).Select(row => row with { KnowsBefore = false, Before = null })];
            return Task.FromResult(new FeedSlice(entries, entries.Length == limit ? entries[^1].Seq : _place.Head, _place));
        }
    }

    public Task<IAsyncDisposable> Follow(FeedKey key, Action<IReadOnlyList<FeedEntry>> arrived)
    {
        lock (_gate) _followers.Add(arrived);
        return Task.FromResult<IAsyncDisposable>(new Following(this, arrived));
    }

    /// <summary>The live records as of a place that pass, as <c>id@version</c>.</summary>
    public SortedSet<string> AsOf(long seq, Func<RecordVersion, bool> passes)
    {
        lock (_gate)
        {
            var latest = new Dictionary<string, RecordVersion>();
            foreach (var entry in _log.TakeWhile(entry => entry.Seq <= seq)) latest[entry.Record.Id] = entry.Record;
            return [.. latest.Values.Where(record => !record.Deleted && passes(record)).Select(record => $"{record.Id}@{record.Version}")];
        }
    }

    /// <summary>Whether any version of the record ever passed.</summary>
    public bool Ever(string id, Func<RecordVersion, bool> passes)
    {
        lock (_gate) return _log.Any(entry => entry.Record.Id == id && !entry.Record.Deleted && passes(entry.Record));
    }

    private sealed class Following(FeedModel model, Action<IReadOnlyList<FeedEntry>> arrived) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lock (model._gate) model._followers.Remove(arrived);
            return default;
        }
    }
}
