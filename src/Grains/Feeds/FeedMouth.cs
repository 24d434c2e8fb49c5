using OrleansSync.Grains.Streams;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Feeds;

/// <summary>
/// Tells the stream what was committed, one run at a time: what comes while a run is on its way goes with the next. Silent while nobody
/// listens. It is told on any thread, and speaks on the feed grain's turns.
/// </summary>
internal sealed class FeedMouth(FeedKey feed, IGrainFactory grains, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const int MostWaiting = 4096;

    private readonly Orleans.Runtime.StreamId _stream = FeedQueues.StreamOf(feed);
    private readonly Lock _lock = new();
    private List<FeedEntry> _waiting = [];
    private TaskCompletionSource? _silence;
    private long _heard = long.MinValue;
    private bool _ended;

    public void SomebodyListens() => Volatile.Write(ref _heard, clock.GetTimestamp());

    /// <summary>Something to tell; it goes with the next <see cref="Flush"/>.</summary>
    public void Say(FeedEntry entry)
    {
        if (!IsHeard) return;
        lock (_lock)
        {
            // The stream may leave a gap, the tails read it from the feed: rather that than a queue without end.
            if (_waiting.Count >= MostWaiting) _waiting = [];
            _waiting.Add(entry);
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0) return;
            _silence?.TrySetResult();
            _silence = null;
        }
    }

    /// <summary>Speaks until the end; to be called on the grain's turns.</summary>
    public async Task Speak()
    {
        var outlet = grains.GetGrain<IFeedOutletGrain>(FeedQueues.OutletOf(_stream));
        while (await Waiting() is { } entries)
        {
            try
            {
                await outlet.Put(new(_stream, entries));
            }
            catch (Exception lost) when (lost is not OutOfMemoryException)
            {
                // The run is lost to the stream, not to the feed: tails look at the head once a second.
            }
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _silence?.TrySetResult();
        }
    }

    private bool IsHeard => Volatile.Read(ref _heard) is var heard && heard != long.MinValue && clock.GetElapsedTime(heard) < Patience;

    /// <summary>Waits for something to tell and takes all of it. Null = the end.</summary>
    private async ValueTask<IReadOnlyList<FeedEntry>?> Waiting()
    {
        while (true)
        {
            Task silence;
            lock (_lock)
            {
                if (_ended) return null;
                if (_waiting.Count > 0)
                {
                    var taken = _waiting;
                    _waiting = [];
                    return taken;
                }

                silence = (_silence ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await silence;
        }
    }
}
