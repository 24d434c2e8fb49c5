namespace OrleansSync.Grains.Feeds;

/// <summary>A queue of bounded length whose items rise by some place, so that the first after a place is found by halving.</summary>
internal sealed class PlacedRing<T>(int capacity)
{
    private readonly T[] _items = new T[capacity];
    private long _oldest;
    private long _next;

    public int Count => (int)(_next - _oldest);

    public void Add(T item) => _items[_next++ % capacity] = item;

    public T RemoveOldest()
    {
        var item = _items[_oldest % capacity];
        _items[_oldest++ % capacity] = default!;
        return item;
    }

    /// <summary>How many items from the oldest are at or before the place.</summary>
    public int FirstAfter(long place, Func<T, long> placeOf)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (placeOf(_items[(_oldest + middle) % capacity]) <= place) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    public IReadOnlyList<T> Slice(int from, int most)
    {
        var slice = new T[Math.Min(most, Count - from)];
        for (var i = 0; i < slice.Length; i++) slice[i] = _items[(_oldest + from + i) % capacity];
        return slice;
    }
}
