using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// The durable log in a PostgreSQL database that any number of processes share. Each feed belongs to whoever took it last, and commits of anybody
/// else are refused. Works again by itself when the database was away.
/// </summary>
public sealed class PostgresStore(PostgresStoreOptions options, TimeProvider clock) : ISyncStore
{
    private readonly CommitWriter _commits = new();
    private Connections? _connections;

    public PostgresStore(string connectionString, TimeProvider clock) : this(new PostgresStoreOptions { ConnectionString = connectionString }, clock) { }

    private Connections Opened => _connections ?? throw new StoreUnavailableException("The store was not opened.");

    /// <summary>Several processes may open at once: one brings the schema up to date, the others wait.</summary>
    public Task Open(CancellationToken cancel) => Task.Run(
        () =>
        {
            try
            {
                SchemaUpgrade.Run(options);
                _connections = new(options);
            }
            catch (Exception cause) when (cause is ArgumentException || Failure.IsOfDatabase(cause, cancel))
            {
                throw new StoreUnavailableException($"Cannot open the PostgreSQL database: {cause.Message}", cause);
            }
        },
        cancel);

    public async Task<IReadOnlyList<Collection>> ReadCollections(CancellationToken cancel) =>
        await Opened.Read(CollectionTable.ReadAll, cancel);

    public Task<Collection?> ReadCollection(string name, CancellationToken cancel) =>
        Opened.Read(session => CollectionTable.Read(session, name), cancel);

    public Task<Collection?> WriteCollection(string name, long expectedRevision, CollectionSettings settings, CancellationToken cancel) =>
        Opened.Write(session => CollectionTable.Write(session, name, expectedRevision, settings), cancel);

    public Task RebuildIndexes(string collection, IReadOnlyList<string> paths, CancellationToken cancel) =>
        new IndexRebuild(Opened, collection).Run(paths, cancel);

    public bool IsShared => true;

    public Task<FeedOwnership> TakeFeed(string collection, int partition, string owner, CancellationToken cancel) =>
        Opened.Write(session => FeedTable.Take(session, collection, partition, owner), cancel);

    public Task ReleaseFeed(HeldFeed feed, CancellationToken cancel) => Opened.Write(
        async session =>
        {
            await FeedTable.Release(session, feed);
            return true;
        },
        cancel);

    public Task<IReadOnlyList<bool>> AreHeld(IReadOnlyList<HeldFeed> feeds, CancellationToken cancel) =>
        Opened.Read(session => FeedTable.AreHeld(session, feeds), cancel);

    /// <summary>Commits on the calling thread and is done when it returns: to be called by one pump, on a thread of its own.</summary>
    public Task<IReadOnlyList<bool>> Commit(IReadOnlyList<FeedBatch> batches, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return Task.FromCanceled<IReadOnlyList<bool>>(cancel);
        try
        {
            return Task.FromResult<IReadOnlyList<bool>>(
                Opened.Commit(connection => _commits.Commit(connection, batches, cancel), cancel));
        }
        catch (StoreUnavailableException failure)
        {
            return Task.FromException<IReadOnlyList<bool>>(failure);
        }
        catch (OperationCanceledException)
        {
            return Task.FromCanceled<IReadOnlyList<bool>>(cancel);
        }
    }

    public Task<StoredRecord?> ReadRecord(string collection, string id, CancellationToken cancel) =>
        Opened.Read(session => RecordReads.Read(session, collection, id, Timestamp.Now(clock)), cancel);

    public Task<FeedPlace?> ReadFeedPlace(string collection, int partition, CancellationToken cancel) =>
        Opened.Read(session => FeedTable.ReadPlace(session, collection, partition), cancel);

    public Task<FeedEntries> ReadFeed(string collection, int partition, long after, int limit, CancellationToken cancel) =>
        Opened.Read(session => FeedReads.Read(session, collection, partition, after, limit), cancel);

    public Task<RecordPage> ReadRecords(RecordQuery query, CancellationToken cancel) =>
        Opened.List(session => ListReads.Read(session, query), cancel);

    public Task<IReadOnlyList<OpenConflict>> ReadConflicts(string collection, Timestamp openedUntil, int limit, CancellationToken cancel) =>
        Opened.List(session => ConflictReads.Read(session, collection, openedUntil, limit), cancel);

    public Task<IReadOnlyList<HistoryEntry>> ReadHistory(string collection, string id, long before, int limit, CancellationToken cancel) =>
        Opened.Read(session => RecordReads.ReadHistory(session, collection, id, before, limit), cancel);

    public Task<HistoryEntry?> ReadWrite(string collection, string id, string author, string write, CancellationToken cancel) =>
        Opened.Read(session => RecordReads.ReadWrite(session, collection, id, author, write), cancel);

    public Task<bool> Sweep(string collection, Timestamp now, CancellationToken cancel) =>
        Opened.Write(session => Sweeper.Sweep(session, collection, now), cancel);

    public ValueTask DisposeAsync() => _connections?.DisposeAsync() ?? default;
}
