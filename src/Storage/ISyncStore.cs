using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>
/// The durable log behind the feeds: what is committed here is what happened. One implementation per database; all pass one contract suite.
/// Safe for use from many threads. Everything it returns is committed state. Whatever goes wrong with the database itself is a
/// <see cref="StoreUnavailableException"/>.
/// </summary>
public interface ISyncStore : IAsyncDisposable
{
    /// <summary>Creates or migrates the schema. Called once before anything else.</summary>
    Task Open(CancellationToken cancel);

    /// <summary>Every collection that exists, by name.</summary>
    Task<IReadOnlyList<Collection>> ReadCollections(CancellationToken cancel);

    /// <summary>One collection, or null when it does not exist.</summary>
    Task<Collection?> ReadCollection(string name, CancellationToken cancel);

    /// <summary>
    /// Creates the collection or replaces its settings, if its revision is still <paramref name="expectedRevision"/> (0 = it does not exist).
    /// Returns it with revision + 1, or null when somebody else was first.
    /// </summary>
    Task<Collection?> WriteCollection(string name, long expectedRevision, CollectionSettings settings, CancellationToken cancel);

    /// <summary>
    /// Makes the index hold exactly the given paths of all records of the collection, and keeps it in step with every commit from then on; lists
    /// use a path once it is complete. Commits go on meanwhile. What was left half done by a crash, the next call finishes.
    /// </summary>
    Task RebuildIndexes(string collection, IReadOnlyList<string> paths, CancellationToken cancel);

    /// <summary>
    /// True when other processes may commit to what is kept here: then who owned a feed a moment ago may not know yet that it does not any more.
    /// </summary>
    bool IsShared { get; }

    /// <summary>Takes a feed partition over: raises its epoch, so that commits of any earlier owner fail. Creates it when it is new,
    /// even before its collection exists, and does not create that.</summary>
    /// <param name="owner">Names this process in this life of it.</param>
    Task<FeedOwnership> TakeFeed(string collection, int partition, string owner, CancellationToken cancel);

    /// <summary>Lets go of a feed partition, if it is still held in that epoch: the next to take it takes it from nobody.</summary>
    Task ReleaseFeed(HeldFeed feed, CancellationToken cancel);

    /// <summary>For each, in order: whether it is still held in that epoch.</summary>
    Task<IReadOnlyList<bool>> AreHeld(IReadOnlyList<HeldFeed> feeds, CancellationToken cancel);

    /// <summary>
    /// Commits everything given in one durable transaction per call. The answer has one entry per batch: false when that batch was refused
    /// because its epoch, its expected head, a record's expected version or next history number was not what the store holds, or a place does
    /// not rise from the head to the new one; then nothing of that batch is stored, and the other batches are not affected. May block the
    /// calling thread until it is durable: to be called by the <see cref="CommitPump"/>.
    /// </summary>
    Task<IReadOnlyList<bool>> Commit(IReadOnlyList<FeedBatch> batches, CancellationToken cancel);

    /// <summary>A record with all that is needed to decide the next write, or null when nothing was ever recorded under this id.</summary>
    Task<StoredRecord?> ReadRecord(string collection, string id, CancellationToken cancel);

    /// <summary>The head and floor of a feed partition without taking it; null when it does not exist yet.</summary>
    Task<FeedPlace?> ReadFeedPlace(string collection, int partition, CancellationToken cancel);

    /// <summary>
    /// Records whose place is after <paramref name="after"/>, in feed order, at most <paramref name="limit"/>; fewer when they are large. Entries do
    /// not know what stood before.
    /// </summary>
    Task<FeedEntries> ReadFeed(string collection, int partition, long after, int limit, CancellationToken cancel);

    /// <summary>
    /// A page of live records, or of those with an open conflict, in the asked order, ties by id, by keyset: what comes or goes between two pages
    /// shifts nothing. It may end before the limit when records are large. Throws <see cref="RefusedException"/> (malformed) for an
    /// <see cref="RecordQuery.After"/> that is not the <see cref="RecordPage.Next"/> of a page of the same list: collection, filter, order,
    /// and whether of conflicts only.
    /// </summary>
    Task<RecordPage> ReadRecords(RecordQuery query, CancellationToken cancel);

    /// <summary>
    /// The open conflicts of a collection that were opened at an instant or before, the oldest first, ties by record id, at most
    /// <paramref name="limit"/>: what nobody decided in time.
    /// </summary>
    Task<IReadOnlyList<OpenConflict>> ReadConflicts(string collection, Timestamp openedUntil, int limit, CancellationToken cancel);

    /// <summary>
    /// History entries below <paramref name="before"/> (a number; long.MaxValue = from the newest), newest first. All that is stored, of rejected
    /// ones the last 100: what is to be shown of it, <see cref="HistoryRetention.Shows"/> says. Numbers may have gaps; purged entries are there
    /// as <see cref="HistoryEntry.Forgotten"/>.
    /// </summary>
    Task<IReadOnlyList<HistoryEntry>> ReadHistory(string collection, string id, long before, int limit, CancellationToken cancel);

    /// <summary>The history entry of a remembered write id of that author, or null.</summary>
    Task<HistoryEntry?> ReadWrite(string collection, string id, string author, string write, CancellationToken cancel);

    /// <summary>
    /// Forgets what retention no longer keeps, a bounded amount per call: history past both the settings and the write ids' promise
    /// (protocol §4.1), and tombstones older than the settings say, raising the feed's floor to their greatest place. A forgotten tombstone keeps
    /// its version, so that versions never go back, and its remembered write ids. A tombstone with an open conflict is never forgotten. True when
    /// there may be more to forget: call again soon.
    /// </summary>
    Task<bool> Sweep(string collection, Timestamp now, CancellationToken cancel);
}
