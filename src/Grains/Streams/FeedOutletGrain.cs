using Orleans.Concurrency;
using Orleans.Placement;

namespace OrleansSync.Grains.Streams;

/// <summary>The mouth of one stream queue: feeds put their runs here, the queue's pulling agent waits for them. Key: the queue's number.</summary>
internal interface IFeedOutletGrain : IGrainWithIntegerKey
{
    Task Put(FeedRun run);

    /// <summary>What waits, oldest first; if nothing does, the answer is held until something comes or the wait is over.</summary>
    Task<IReadOnlyList<FeedRun>> Take(int most, TimeSpan wait);
}

/// <summary>
/// Holds runs between feed and pulling agent. Nothing depends on it: what it drops or loses, subscribers' tails miss and read from the feed.
/// </summary>
[Reentrant, PreferLocalPlacement]
internal sealed class FeedOutletGrain : Grain, IFeedOutletGrain
{
    private const int MostRuns = 1024;

    private readonly Queue<FeedRun> _waiting = new();
    private TaskCompletionSource? _arrival;

    public Task Put(FeedRun run)
    {
        // No agent comes (its silo is going away): the oldest runs are those that the tails have long read themselves.
        if (_waiting.Count == MostRuns) _waiting.Dequeue();
        _waiting.Enqueue(run);
        _arrival?.TrySetResult();
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<FeedRun>> Take(int most, TimeSpan wait)
    {
        if (_waiting.Count == 0) await Arrival(wait);
        var taken = new List<FeedRun>(Math.Min(most, _waiting.Count));
        while (taken.Count < most && _waiting.TryDequeue(out var run)) taken.Add(run);
        return taken;
    }

    private async Task Arrival(TimeSpan wait)
    {
        _arrival ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrival = _arrival;
        await arrival.Task.WaitAsync(wait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (ReferenceEquals(_arrival, arrival)) _arrival = null;
    }
}
