namespace OrleansSync.Gateway.Feeds;

/// <summary>The newest entries of a feed partition, whole and in order, within limits. Safe to use from many threads.</summary>
internal sealed class FeedRing(int maxEntries = FeedRing.MaxEntries, long maxBytes = FeedRing.MaxBytes)
{
    public const int MaxEntries = 4096;
    public const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue _entries = new();
    private long _bytes;
    private long _after;
    private long _wholeAfter;

    /// <summary>Forgets everything: the ring begins after this place.</summary>
    public void Clear(long after)
    {
        lock (_gate)
        {
            _entries.Clear();
            _bytes = 0;
            _after = _wholeAfter = after;
        }
    }

    /// <summary>Adds entries newer than all before; the oldest make room.</summary>
    public void Add(IReadOnlyList<EncodedEntry> entries)
    {
        lock (_gate)
        {
            for (var i = 0; i < entries.Count; i++)
            {
                _entries.Add(entries[i]);
                _bytes += entries[i].Bytes;
                if (!entries[i].IsWhole) _wholeAfter = entries[i].Seq;
                while (_entries.Count > maxEntries || _bytes > maxBytes) DropOldest();
            }
        }
    }

    /// <summary>
    /// The entries after a place up to another, at most <paramref name="most"/>. False when the ring no longer reaches back that far.
    /// </summary>
    /// <param name="whole">For readers who must know what stood before: false, too, when any newer entry does not.</param>
    public bool TryRead(long after, long upTo, int most, bool whole, List<EncodedEntry> into)
    {
        lock (_gate)
        {
            if (after < _after || (whole && after < _wholeAfter)) return false;
            for (var i = _entries.FirstAfter(after); i < _entries.Count && into.Count < most && _entries[i].Seq <= upTo; i++)
                into.Add(_entries[i]);
            return true;
        }
    }

    private void DropOldest()
    {
        var oldest = _entries.TakeOldest();
        _after = oldest.Seq;
        _bytes -= oldest.Bytes;
    }

    /// <summary>A queue that can be searched by place; its array grows with need.</summary>
    private sealed class Queue
    {
        private EncodedEntry[] _items = new EncodedEntry[16];
        private int _first;

        public int Count { get; private set; }

        public EncodedEntry this[int index] => _items[(_first + index) & (_items.Length - 1)];

        public void Add(EncodedEntry entry)
        {
            if (Count == _items.Length) Grow();
            _items[(_first + Count++) & (_items.Length - 1)] = entry;
        }

        public EncodedEntry TakeOldest()
        {
            var oldest = _items[_first];
            _items[_first] = null!;
            _first = (_first + 1) & (_items.Length - 1);
            Count--;
            return oldest;
        }

        public int FirstAfter(long seq)
        {
            var (low, high) = (0, Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (this[middle].Seq <= seq) low = middle + 1;
                else high = middle;
            }
            return low;
        }

        public void Clear()
        {
            Array.Clear(_items);
            _first = Count = 0;
        }

        private void Grow()
        {
            var larger = new EncodedEntry[_items.Length * 2];
            for (var i = 0; i < Count; i++) larger[i] = this[i];
            (_items, _first) = (larger, 0);
        }
    }
}
