namespace OrleansSync.Storage.Postgres;

/// <summary>Where the database is, how many connections this process may hold to it, and how long it waits for an answer.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>
    /// How to connect, in the words of Npgsql: <c>Host=db;Username=sync;Password=…;Database=sync</c>. The database must exist; the store keeps
    /// its tables in a schema of its own there.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>Connections for reads of single records and of feeds.</summary>
    public int ReadConnections { get; init; } = 8;

    /// <summary>Connections for lists, which may scan a whole collection: apart, so that they never hold up the reads that writes wait for.</summary>
    public int ListConnections { get; init; } = 3;

    /// <summary>Connections for taking feeds, settings, sweeps and indexes. Commits have one of their own.</summary>
    public int WriteConnections { get; init; } = 3;

    /// <summary>Reads that may wait for a connection; more are refused as unavailable.</summary>
    public int WaitingReads { get; init; } = 20_000;

    /// <summary>How long a connection may take to come about; whole seconds, at least one.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the database may take for one statement; whole seconds, at least one.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long opening may take, with waiting for another process that is changing the schema.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
