using Orleans.Concurrency;
using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Collections;

/// <summary>
/// The only writer of a collection's settings. New settings are stored, then taken over by the feed, then the index is made to match:
/// from the answer on, no write is decided by older ones.
/// </summary>
internal sealed class CollectionGrain(ISyncStore store) : Grain, ICollectionGrain
{
    private string Name => this.GetPrimaryKeyString();

    public Task<Collection?> Read() => store.ReadCollection(Name, CancellationToken.None);

    public async Task<(Collection Collection, bool Created)> Put(CollectionSettings settings)
    {
        while (true)
        {
            var before = await store.ReadCollection(Name, CancellationToken.None);
            var after = await store.WriteCollection(Name, before?.Revision ?? 0, settings, CancellationToken.None);
            if (after is null) continue;
            await Feed.Adopt(after);
            if (!settings.Indexes.SequenceEqual(before?.Settings.Indexes ?? []))
                await store.RebuildIndexes(Name, settings.Indexes, CancellationToken.None);
            return (after, before is null);
        }
    }

    public async Task<Collection> Ensure()
    {
        var known = await store.ReadCollection(Name, CancellationToken.None)
            ?? await store.WriteCollection(Name, 0, CollectionSettings.Default, CancellationToken.None)
            ?? await store.ReadCollection(Name, CancellationToken.None)
            ?? throw new InvalidOperationException("A collection that somebody else created is not there.");
        await Feed.Adopt(known);
        return known;
    }

    private IFeedGrain Feed => GrainFactory.GetGrain<IFeedGrain>(new FeedKey(Name, 0).ToString());
}
