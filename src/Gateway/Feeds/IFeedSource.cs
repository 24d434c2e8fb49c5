using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>Where feeds are read from: the grains, or a model in the property tests. Every member may throw, reads only after they were tried for a while.</summary>
internal interface IFeedSource
{
    /// <summary>Where a feed partition stands, and which settings hold.</summary>
    Task<FeedState> ReadState(FeedKey key);

    /// <summary>Entries after a place, oldest first, at most <paramref name="limit"/>. Returns at once.</summary>
    Task<FeedSlice> ReadAfter(FeedKey key, long after, int limit);

    /// <summary>
    /// Has new entries brought to <paramref name="arrived"/> until it is disposed. They may come late, twice, in the wrong order or not at all.
    /// </summary>
    Task<IAsyncDisposable> Follow(FeedKey key, Action<IReadOnlyList<FeedEntry>> arrived);
}
