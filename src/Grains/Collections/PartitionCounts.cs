using System.Collections.Concurrent;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Collections;

/// <summary>How many partitions each collection's feed has. It never changes once the collection is there, so it is asked for once.</summary>
internal sealed class PartitionCounts(ISyncStore store)
{
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<string, int> _known = new();

    /// <summary>The number; 1 for a collection that does not exist.</summary>
    public ValueTask<int> Of(string collection) => _known.TryGetValue(collection, out var count) ? new(count) : Ask(collection);

    private async ValueTask<int> Ask(string collection)
    {
        if (await store.ReadCollection(collection, CancellationToken.None) is not { } found) return 1;
        if (_known.Count >= Most) _known.Clear();
        return _known[collection] = found.Settings.Partitions;
    }
}
