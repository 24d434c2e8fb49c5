using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests;

/// <summary>
/// A real store whose commits wait at the door until the test lets them in, one transaction at a time, or breaks the door. Only commits pass.
/// </summary>
internal sealed class StoppedStore(ISyncStore store) : ISyncStore
{
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _let = new(0);

    public List<IReadOnlyList<FeedBatch>> Transactions { get; } = [];

    public bool Broken { get; set; }

    /// <summary>How many commits each transaction held.</summary>
    public IEnumerable<int> Sizes => Transactions.Select(batches => batches.Sum(batch => batch.Commits.Count));

    /// <summary>Returns when the pump stands at the door.</summary>
    public Task Arrival() => _arrived.WaitAsync();

    public void LetIn(int transactions = 1) => _let.Release(transactions);

    public async Task<IReadOnlyList<bool>> Commit(IReadOnlyList<FeedBatch> batches, CancellationToken cancel)
    {
        Transactions.Add(batches);
        _arrived.Release();
        await _let.WaitAsync(cancel);
        return Broken ? throw new StoreUnavailableException("The disk is full.") : await store.Commit(batches, cancel);
    }

    public Task Open(CancellationToken cancel) => store.Open(cancel);
    public ValueTask DisposeAsync() => store.DisposeAsync();

    public Task<IReadOnlyList<Collection>> ReadCollections(CancellationToken cancel) => throw new NotSupportedException();
    public Task<Collection?> ReadCollection(string name, CancellationToken cancel) => throw new NotSupportedException();
    public Task<Collection?> WriteCollection(string name, long expectedRevision, CollectionSettings settings, CancellationToken cancel) =>
        throw new NotSupportedException();
    public Task RebuildIndexes(string collection, IReadOnlyList<string> paths, CancellationToken cancel) => throw new NotSupportedException();
    public bool IsShared => false;
    public Task<FeedOwnership> TakeFeed(string collection, int partition, string owner, CancellationToken cancel) => throw new NotSupportedException();
    public Task ReleaseFeed(HeldFeed feed, CancellationToken cancel) => throw new NotSupportedException();
    public Task<IReadOnlyList<bool>> AreHeld(IReadOnlyList<HeldFeed> feeds, CancellationToken cancel) => throw new NotSupportedException();
    public Task<StoredRecord?> ReadRecord(string collection, string id, CancellationToken cancel) => throw new NotSupportedException();
    public Task<FeedPlace?> ReadFeedPlace(string collection, int partition, CancellationToken cancel) => throw new NotSupportedException();
    public Task<FeedEntries> ReadFeed(string collection, int partition, long after, int limit, CancellationToken cancel) =>
        throw new NotSupportedException();
    public Task<RecordPage> ReadRecords(RecordQuery query, CancellationToken cancel) => throw new NotSupportedException();
    public Task<IReadOnlyList<OpenConflict>> ReadConflicts(string collection, Timestamp openedUntil, int limit, CancellationToken cancel) =>
        throw new NotSupportedException();
    public Task<IReadOnlyList<HistoryEntry>> ReadHistory(string collection, string id, long before, int limit, CancellationToken cancel) =>
        throw new NotSupportedException();
    public Task<HistoryEntry?> ReadWrite(string collection, string id, string author, string write, CancellationToken cancel) =>
        throw new NotSupportedException();
    public Task<bool> Sweep(string collection, Timestamp now, CancellationToken cancel) => throw new NotSupportedException();
}
