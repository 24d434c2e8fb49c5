namespace OrleansSync.Grains.Feeds;

/// <summary>
/// That this silo owned a feed partition a moment ago, and so that nobody else has committed to it since: until it has run out, what this
/// silo's records hold in memory is what is true.
/// </summary>
internal sealed class FeedLease(FeedKey feed, long epoch)
{
    private long _end;
    private long _strangers;
    private volatile bool _lost;

    public FeedKey Feed => feed;

    public long Epoch => epoch;

    /// <summary>How often a record of another silo has committed through this silo's feed: what was read before may be old.</summary>
    public long Strangers => Volatile.Read(ref _strangers);

    public bool IsFresh(long now) => !_lost && now < Volatile.Read(ref _end);

    public void Renew(long end) => Volatile.Write(ref _end, end);

    public void StrangerCommitted() => Interlocked.Increment(ref _strangers);

    public void Lose() => _lost = true;
}

/// <summary>What a record had under its feet when it was loaded: the lease of its feed, and who had committed to it until then.</summary>
internal readonly record struct FeedGround(FeedLease? Lease, long Strangers);
