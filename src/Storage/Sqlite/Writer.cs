namespace OrleansSync.Storage.Sqlite;

/// <summary>The only writing connection of this process, and all that can be written with it. One transaction at a time.</summary>
internal sealed class Writer : IDisposable
{
    private readonly Database _database;
    private readonly Lock _turn = new();
    private readonly CommitWriter _commits;
    private bool _disposed;

    private Writer(Database database)
    {
        _database = database;
        Collections = new(database);
        Feeds = new(database, Collections);
        var indexes = new IndexTable(database);
        var index = new FieldIndex(database, indexes);
        Indexes = new(database, Collections, indexes, index);
        Sweeper = new(database, Collections, Feeds);
        _commits = new(database, Feeds, new(database), new(database), index);
    }

    public CollectionTable Collections { get; }
    public FeedTable Feeds { get; }
    public IndexRebuild Indexes { get; }
    public Sweeper Sweeper { get; }

    public static Writer Open(SqliteStoreOptions options)
    {
        var database = Database.OpenWriter(options);
        try
        {
            Schema.CreateOrMigrate(database);
            return new(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public IReadOnlyList<bool> Commit(IReadOnlyList<FeedBatch> batches)
    {
        lock (_turn)
        {
            ThrowIfClosed();
            return _commits.Commit(batches);
        }
    }

    /// <summary>Runs <paramref name="write"/> in one transaction.</summary>
    public T InTransaction<T>(Func<Writer, T> write)
    {
        lock (_turn)
        {
            ThrowIfClosed();
            _database.BeginWrite();
            try
            {
                var answer = write(this);
                _database.Commit();
                return answer;
            }
            finally
            {
                _database.ResetAll();
                _database.Rollback();
            }
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            if (_disposed)
                return;
            _disposed = true;
            _database.Dispose();
        }
    }

    private void ThrowIfClosed()
    {
        if (_disposed)
            throw new StoreUnavailableException("The store is closed.");
    }
}
