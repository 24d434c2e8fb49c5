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

    public async Task<(Collection Collection, bool Created, Problem? Refused)> Put(CollectionSettings settings)
    {
        while (true)
        {
            var before = await store.ReadCollection(Name, CancellationToken.None);
            if (before is not null && before.Settings.Partitions != settings.Partitions)
                return (before, false, new(Codes.Malformed, $"'partitions' cannot be changed once the collection is there: it has {before.Settings.Partitions}."));
            var after = await store.WriteCollection(Name, before?.Revision ?? 0, settings, CancellationToken.None);
            if (after is null) continue;
            await Adopt(after);
            if (!settings.Indexes.SequenceEqual(before?.Settings.Indexes ?? []))
                await store.RebuildIndexes(Name, settings.Indexes, CancellationToken.None);
            return (after, before is null, null);
        }
    }

    public async Task<Collection> Ensure()
    {
        var known = await store.ReadCollection(Name, CancellationToken.None)
            ?? await store.WriteCollection(Name, 0, CollectionSettings.Default, CancellationToken.None)
            ?? await store.ReadCollection(Name, CancellationToken.None)
            ?? throw new InvalidOperationException("A collection that somebody else created is not there.");
        await Adopt(known);
        return known;
    }

    private Task Adopt(Collection collection) => Task.WhenAll(Enumerable.Range(0, collection.Settings.Partitions)
        .Select(partition => GrainFactory.GetGrain<IFeedGrain>(new FeedKey(Name, partition).ToString()).Adopt(collection)));
}
