using OrleansSync.Load.Measures;
using OrleansSync.Load.Scenarios;
using OrleansSync.Protocol;
using OrleansSync.Storage;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Sqlite;

namespace OrleansSync.Load;

/// <summary>The raw limit of a store: rows in batches of 512, or one by one, from one thread, with nothing in front of it.</summary>
internal static class RawStore
{
    /// <summary>Of the SQLite store.</summary>
    public static Task<Measurement> Sqlite(LoadRun run, Measurement what, Options options) => Sqlite(run, what, RawRows.BatchSize, null, options);

    /// <summary>Of the SQLite store with one row in each commit: how long one takes.</summary>
    public static Task<Measurement> SqliteOneByOne(LoadRun run, Measurement what, Options options) => Sqlite(run, what, 1, "one row being handed to the store to its commit", options);

    private static async Task<Measurement> Sqlite(LoadRun run, Measurement what, int rows, string? latencyOf, Options options)
    {
        var folder = Directory.CreateTempSubdirectory("orleanssync-raw-").FullName;
        try
        {
            await using var store = new SqliteStore(Path.Combine(folder, "raw.db"), TimeProvider.System);
            return (await Measure(run, what, store, rows, latencyOf, options, [])).Found;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Of the PostgreSQL store, in an empty database.</summary>
    public static async Task<(Measurement Found, Meter Meter)> Postgres(LoadRun run, Measurement what, string database, Options options, params IReadOnlyList<Watched> watched)
    {
        await using var store = new PostgresStore(database, TimeProvider.System);
        return await Measure(run, what, store, RawRows.BatchSize, null, options, watched);
    }

    private static async Task<(Measurement Found, Meter Meter)> Measure(LoadRun run, Measurement what, ISyncStore store, int rows, string? latencyOf, Options options, IReadOnlyList<Watched> watched)
    {
        await store.Open(CancellationToken.None);
        await store.WriteCollection(RawRows.Collection, 0, CollectionSettings.Default, CancellationToken.None);
        var feed = await store.TakeFeed(RawRows.Collection, 0, "test", CancellationToken.None);
        var next = new RawRows(feed.Epoch, feed.Place.Head, options);
        return await RawLoad.Run(run, what, Commit, rows, latencyOf, options, watched);

        async Task Commit()
        {
            var stored = await store.Commit([next.NextBatch(rows)], CancellationToken.None);
            if (!stored[0]) throw new InvalidOperationException("The store refused a batch.");
        }
    }
}
