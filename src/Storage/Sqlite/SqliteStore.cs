using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>
/// The durable log in one SQLite file, for a single process with everything in it. Every commit is fsynced. A second process may open the same
/// file: each feed then belongs to whoever took it last, and commits of the other are refused.
/// </summary>
public sealed class SqliteStore : ISyncStore
{
    private readonly SqliteStoreOptions _options;
    private readonly TimeProvider _clock;
    private Writer? _writer;
    private ReadLane? _reads;
    private ReadLane? _lists;

    public SqliteStore(SqliteStoreOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
    }

    public SqliteStore(string path, TimeProvider clock) : this(new SqliteStoreOptions { Path = path }, clock) { }

    public Task Open(CancellationToken cancel) => Task.Run(
        () =>
        {
            try
            {
                if (Path.GetDirectoryName(Path.GetFullPath(_options.Path)) is { } directory)
                    Directory.CreateDirectory(directory);
                _writer = Writer.Open(_options);
            }
            catch (Exception cause) when (cause is SqliteFailure or IOException or UnauthorizedAccessException)
            {
                throw new StoreUnavailableException($"Cannot open the database file '{_options.Path}': {cause.Message}", cause);
            }
            _reads = new("sqlite read", _options.ReadThreads, _options, _clock);
            _lists = new("sqlite list", _options.ListThreads, _options, _clock);
        },
        cancel);

    public Task<IReadOnlyList<Collection>> ReadCollections(CancellationToken cancel) =>
        Read(reader => reader.Collections.ReadAll(), cancel);

    public Task<Collection?> ReadCollection(string name, CancellationToken cancel) =>
        Read(reader => reader.Collections.Read(name), cancel);

    public Task<Collection?> WriteCollection(string name, long expectedRevision, CollectionSettings settings, CancellationToken cancel) =>
        Write(writer => writer.Collections.Write(name, expectedRevision, settings), cancel);

    public async Task RebuildIndexes(string collection, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        while (true)
        {
            var work = await Write(writer => writer.Indexes.Begin(collection, paths), cancel);
            foreach (var path in work.Leaving)
                while (!await Write(writer => writer.Indexes.Clear(path), cancel)) { }
            for (long? last = 0; last is { } after;)
                last = work.Filling.Count == 0 ? null : await Write(writer => writer.Indexes.Fill(work, after), cancel);
            await Write(
                writer =>
                {
                    writer.Indexes.Complete(work);
                    return true;
                },
                cancel);
            if (!work.Again)
                return;
        }
    }

    /// <summary>A file belongs to one process at a time.</summary>
    public bool IsShared => false;

    public Task<FeedOwnership> TakeFeed(string collection, int partition, string owner, CancellationToken cancel) =>
        Write(writer => writer.Feeds.Take(collection, partition, owner), cancel);

    public Task ReleaseFeed(HeldFeed feed, CancellationToken cancel) => Write(
        writer =>
        {
            writer.Feeds.Release(feed);
            return true;
        },
        cancel);

    public Task<IReadOnlyList<bool>> AreHeld(IReadOnlyList<HeldFeed> feeds, CancellationToken cancel) =>
        Write(writer => (IReadOnlyList<bool>)[.. feeds.Select(writer.Feeds.IsHeld)], cancel);

    /// <summary>Commits on the calling thread and is done when it returns: to be called by one pump, on a thread of its own.</summary>
    public Task<IReadOnlyList<bool>> Commit(IReadOnlyList<FeedBatch> batches, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return Task.FromCanceled<IReadOnlyList<bool>>(cancel);
        try
        {
            return Task.FromResult(Opened(_writer).Commit(batches));
        }
        catch (SqliteFailure failure)
        {
            return Task.FromException<IReadOnlyList<bool>>(new StoreUnavailableException(failure.Message, failure));
        }
        catch (StoreUnavailableException failure)
        {
            return Task.FromException<IReadOnlyList<bool>>(failure);
        }
    }

    public Task<StoredRecord?> ReadRecord(string collection, string id, CancellationToken cancel) =>
        Read(reader => reader.Records.Read(collection, id), cancel);

    public Task<FeedPlace?> ReadFeedPlace(string collection, int partition, CancellationToken cancel) =>
        Read(reader => reader.Feeds.ReadPlace(collection, partition), cancel);

    public Task<FeedEntries> ReadFeed(string collection, int partition, long after, int limit, CancellationToken cancel) =>
        Read(reader => reader.Feeds.Read(collection, partition, after, limit), cancel);

    public Task<RecordPage> ReadRecords(RecordQuery query, CancellationToken cancel) =>
        Opened(_lists).Run(reader => reader.Lists.Read(query, cancel), cancel);

    public Task<IReadOnlyList<OpenConflict>> ReadConflicts(string collection, Timestamp openedUntil, int limit, CancellationToken cancel) =>
        Opened(_lists).Run(reader => reader.Conflicts.Read(collection, openedUntil, limit), cancel);

    public Task<IReadOnlyList<HistoryEntry>> ReadHistory(string collection, string id, long before, int limit, CancellationToken cancel) =>
        Read(reader => reader.Records.ReadHistory(collection, id, before, limit), cancel);

    public Task<HistoryEntry?> ReadWrite(string collection, string id, string author, string write, CancellationToken cancel) =>
        Read(reader => reader.Records.ReadWrite(collection, id, author, write), cancel);

    public Task<bool> Sweep(string collection, Timestamp now, CancellationToken cancel) =>
        Write(writer => writer.Sweeper.Sweep(collection, now), cancel);

    public ValueTask DisposeAsync() => new(Task.Run(() =>
    {
        _reads?.Dispose();
        _lists?.Dispose();
        _writer?.Dispose();
    }));

    private Task<T> Read<T>(Func<Reader, T> read, CancellationToken cancel) => Opened(_reads).Run(read, cancel);

    private Task<T> Write<T>(Func<Writer, T> write, CancellationToken cancel) => Task.Run(
        () =>
        {
            try
            {
                return Opened(_writer).InTransaction(write);
            }
            catch (SqliteFailure failure)
            {
                throw new StoreUnavailableException(failure.Message, failure);
            }
        },
        cancel);

    private static T Opened<T>(T? part) where T : class =>
        part ?? throw new StoreUnavailableException("The store was not opened.");
}
