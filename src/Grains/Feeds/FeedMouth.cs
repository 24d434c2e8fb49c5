using OrleansSync.Grains.Streams;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Feeds;

/// <summary>
/// Tells the stream what was committed, one run at a time: what comes while a run is on its way goes with the next. Silent while nobody
/// listens. Runs on the feed grain's turns.
/// </summary>
internal sealed class FeedMouth(FeedKey feed, IGrainFactory grains, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const int MostWaiting = 4096;

    private readonly Orleans.Runtime.StreamId _stream = FeedQueues.StreamOf(feed);
    private readonly IFeedOutletGrain _outlet = grains.GetGrain<IFeedOutletGrain>(FeedQueues.OutletOf(FeedQueues.StreamOf(feed)));
    private List<FeedEntry> _waiting = [];
    private bool _speaking;
    private long _heard = long.MinValue;

    public void SomebodyListens() => _heard = clock.GetTimestamp();

    public void Say(IReadOnlyList<FeedEntry> entries)
    {
        if (entries.Count == 0 || !IsHeard) return;
        // The stream may leave a gap, the tails read it from the feed: rather that than a queue without end.
        if (_waiting.Count >= MostWaiting) _waiting = [];
        _waiting.AddRange(entries);
        if (!_speaking) _ = Speak();
    }

    private bool IsHeard => _heard != long.MinValue && clock.GetElapsedTime(_heard) < Patience;

    private async Task Speak()
    {
        _speaking = true;
        try
        {
            while (_waiting.Count > 0)
            {
                var run = new FeedRun(_stream, _waiting);
                _waiting = [];
                await _outlet.Put(run);
            }
        }
        catch (Exception lost) when (lost is not OutOfMemoryException)
        {
            // The run is lost to the stream, not to the feed: tails look at the head once a second.
        }
        finally
        {
            _speaking = false;
        }
    }
}
