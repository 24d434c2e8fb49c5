using Orleans.Runtime;
using Orleans.Streams;

namespace OrleansSync.Grains.Streams;

/// <summary>
/// A ring of the newest runs of one queue. It never says that it is full: a consumer that is too slow is overtaken, finds a gap in the
/// places it is given and reads the feed instead, and nobody else waits for it.
/// </summary>
internal sealed class FeedQueueCache : IQueueCache
{
    private const int MostRuns = 1024;
    private const int MostEntries = 16_384;

    private readonly FeedRun[] _ring = new FeedRun[MostRuns];
    private long _oldest;
    private long _next;
    private int _entries;

    public int GetMaxAddCount() => MostRuns / 4;

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var message in messages)
        {
            var run = (FeedRun)message;
            while (_next - _oldest == MostRuns || (_next > _oldest && _entries + run.Entries.Count > MostEntries)) Forget();
            _ring[_next++ % MostRuns] = run;
            _entries += run.Entries.Count;
        }
    }

    private void Forget()
    {
        ref var oldest = ref _ring[_oldest++ % MostRuns];
        _entries -= oldest.Entries.Count;
        oldest = null!;
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = [];
        return false;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        new Cursor(this, streamId, token is null ? _next : PlaceOf(streamId, token));

    private long PlaceOf(StreamId stream, StreamSequenceToken token)
    {
        for (var place = _oldest; place < _next; place++)
        {
            var run = _ring[place % MostRuns];
            if (run.StreamId == stream && !run.SequenceToken.Older(token)) return place;
        }

        return _next;
    }

    private sealed class Cursor(FeedQueueCache cache, StreamId stream, long next) : IQueueCacheCursor
    {
        private long _next = next;
        private FeedRun? _current;

        public IBatchContainer? GetCurrent(out Exception? exception)
        {
            exception = null;
            return _current;
        }

        public bool MoveNext()
        {
            for (_next = Math.Max(_next, cache._oldest); _next < cache._next; _next++)
            {
                var run = cache._ring[_next % MostRuns];
                if (run.StreamId != stream) continue;
                _current = run;
                _next++;
                return true;
            }

            _current = null;
            return false;
        }

        public void Refresh(StreamSequenceToken token) { }

        public void RecordDeliveryFailure() { }

        public void Dispose() { }
    }
}
