using System.Diagnostics;
using OrleansSync.Protocol;
using OrleansSync.Storage;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Sqlite;

namespace OrleansSync.Load;

/// <summary>The raw limit of a store: rows in batches of 512, from one thread, with nothing in front of it.</summary>
internal static class RawStore
{
    /// <summary>Of the SQLite store.</summary>
    public static async Task<double> Sqlite(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("orleanssync-raw-").FullName;
        try
        {
            await using var store = new SqliteStore(Path.Combine(folder, "raw.db"), TimeProvider.System);
            return await RowsPerSecond(store, options);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Of the PostgreSQL store, in an empty database.</summary>
    public static async Task<double> Postgres(string database, Options options)
    {
        await using var store = new PostgresStore(database, TimeProvider.System);
        return await RowsPerSecond(store, options);
    }

    private static async Task<double> RowsPerSecond(ISyncStore store, Options options)
    {
        await store.Open(CancellationToken.None);
        await store.WriteCollection(RawRows.Collection, 0, CollectionSettings.Default, CancellationToken.None);
        var feed = await store.TakeFeed(RawRows.Collection, 0, "test", CancellationToken.None);
        var rows = new RawRows(feed.Epoch, feed.Place.Head, options.Records);
        await Commit(store, rows, TimeSpan.FromSeconds(options.WarmUpSeconds));
        return await Commit(store, rows, TimeSpan.FromSeconds(options.Seconds));
    }

    private static async Task<double> Commit(ISyncStore store, RawRows rows, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        long written = 0;
        while (clock.Elapsed < time)
        {
            var stored = await store.Commit([rows.NextBatch()], CancellationToken.None);
            if (!stored[0]) throw new InvalidOperationException("The store refused a batch.");
            written += RawRows.BatchSize;
        }

        return written / clock.Elapsed.TotalSeconds;
    }
}
