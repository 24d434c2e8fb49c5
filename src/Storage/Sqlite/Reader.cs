namespace OrleansSync.Storage.Sqlite;

/// <summary>A reading connection and all that can be read with it. For one thread.</summary>
internal sealed class Reader : IDisposable
{
    private readonly Database _database;

    private Reader(Database database, TimeProvider clock)
    {
        _database = database;
        Collections = new(database);
        Records = new(database, clock);
        Feeds = new(database);
        Lists = new(database, Collections);
        Conflicts = new(database, Collections);
    }

    public CollectionTable Collections { get; }
    public RecordReads Records { get; }
    public FeedReads Feeds { get; }
    public ListReads Lists { get; }
    public ConflictReads Conflicts { get; }

    public static Reader Open(SqliteStoreOptions options, TimeProvider clock) => new(Database.OpenReader(options), clock);

    /// <summary>Runs a read of several statements against one snapshot of the file.</summary>
    public T InOneMoment<T>(Func<Reader, T> read)
    {
        _database.Begin();
        try
        {
            return read(this);
        }
        finally
        {
            _database.ResetAll();
            _database.End();
        }
    }

    public void Dispose() => _database.Dispose();
}
