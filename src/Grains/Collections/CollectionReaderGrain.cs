using Orleans.Concurrency;
using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Collections;

/// <summary>Reads the store for gateways, on the silo that is nearest.</summary>
[StatelessWorker, Reentrant]
internal sealed class CollectionReaderGrain(ISyncStore store, CustomPolicies policies) : Grain, ICollectionReaderGrain
{
    public Task<IReadOnlyList<Collection>> ReadCollections() => store.ReadCollections(CancellationToken.None);

    public Task<string[]> ReadPolicies() => Task.FromResult(policies.Names);

    public async Task<ListedRecords> ReadRecords(
        string collection, string? filter, string? orderBy, int limit, string? after, bool conflictsOnly)
    {
        var page = await store.ReadRecords(
            new RecordQuery
            {
                Collection = collection,
                Filter = filter is null ? null : Filter.Parse(System.Text.Encoding.UTF8.GetBytes(filter)),
                Order = RecordOrder.Parse(orderBy),
                Limit = limit,
                After = after,
                ConflictsOnly = conflictsOnly,
            },
            CancellationToken.None);
        return new(page.Records, page.Next);
    }
}
