using Orleans.Runtime;
using Orleans.Streams;
using OrleansSync.Gateway.Access;
using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>The feeds as the grains hold them, and the Orleans stream that says that there is more.</summary>
internal sealed class GrainFeedSource(IClusterClient cluster, GrainReads reads) : IFeedSource
{
    /// <summary>The name of the stream provider and of the streams' namespace.</summary>
    private const string Stream = "feed";

    public Task<FeedState> ReadState(FeedKey key) => reads.Ask(Grain(key).ReadState);

    public Task<FeedSlice> ReadAfter(FeedKey key, long after, int limit) =>
        reads.Ask(() => Grain(key).ReadAfter(after, limit));

    public async Task<IAsyncDisposable> Follow(FeedKey key, Action<IReadOnlyList<FeedEntry>> arrived)
    {
        var stream = cluster.GetStreamProvider(Stream).GetStream<FeedEntry>(StreamId.Create(Stream, key.ToString()));
        return new Following(await stream.SubscribeAsync(new Observer(arrived)));
    }

    private IFeedGrain Grain(FeedKey key) => cluster.GetGrain<IFeedGrain>(key.ToString());

    private sealed class Observer(Action<IReadOnlyList<FeedEntry>> arrived) : IAsyncBatchObserver<FeedEntry>
    {
        public Task OnNextAsync(IList<SequentialItem<FeedEntry>> items)
        {
            var entries = new FeedEntry[items.Count];
            for (var i = 0; i < entries.Length; i++) entries[i] = items[i].Item;
            arrived(entries);
            return Task.CompletedTask;
        }

        /// <summary>Nothing to do: the tail's own look at the head finds what an error of the stream hides.</summary>
        public Task OnErrorAsync(Exception failure) => Task.CompletedTask;
    }

    private sealed class Following(StreamSubscriptionHandle<FeedEntry> handle) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await handle.UnsubscribeAsync();
    }
}
