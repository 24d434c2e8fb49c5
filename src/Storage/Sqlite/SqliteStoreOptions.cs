namespace OrleansSync.Storage.Sqlite;

/// <summary>Where the file is and how much memory and how many threads it may use.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file; its directory is created when it is missing.</summary>
    public required string Path { get; init; }

    /// <summary>How long a commit waits for another process that is writing to the file.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Page cache of the writing connection, in KiB.</summary>
    public int WriterCacheKiB { get; init; } = 64 * 1024;

    /// <summary>Page cache of each reading connection, in KiB.</summary>
    public int ReaderCacheKiB { get; init; } = 8 * 1024;

    /// <summary>Threads for reads of single records and of feeds.</summary>
    public int ReadThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Threads for lists, which may scan a whole collection: apart, so that they never hold up the reads that writes wait for.</summary>
    public int ListThreads { get; init; } = 2;

    /// <summary>Reads that may wait for a thread; more are refused as unavailable.</summary>
    public int WaitingReads { get; init; } = 20_000;

    /// <summary>WAL pages (4 KiB each) after which a commit also moves them into the database file.</summary>
    public int CheckpointPages { get; init; } = 4_000;
}
