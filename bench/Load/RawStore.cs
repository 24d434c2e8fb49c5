using OrleansSync.Protocol;
using OrleansSync.Storage;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Sqlite;

namespace OrleansSync.Load;

/// <summary>The raw limit of a store: rows in batches of 512, from one thread, with nothing in front of it.</summary>
internal static class RawStore
{
    /// <summary>Of the SQLite store.</summary>
    public static async Task<WriteFigures> Sqlite(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("orleanssync-raw-").FullName;
        try
        {
            await using var store = new SqliteStore(Path.Combine(folder, "raw.db"), TimeProvider.System);
            return await Measure(store, options);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Of the PostgreSQL store, in an empty database.</summary>
    public static async Task<WriteFigures> Postgres(string database, Options options, params Func<TimeSpan>[] clocks)
    {
        await using var store = new PostgresStore(database, TimeProvider.System);
        return await Measure(store, options, clocks);
    }

    private static async Task<WriteFigures> Measure(ISyncStore store, Options options, params Func<TimeSpan>[] clocks)
    {
        await store.Open(CancellationToken.None);
        await store.WriteCollection(RawRows.Collection, 0, CollectionSettings.Default, CancellationToken.None);
        var feed = await store.TakeFeed(RawRows.Collection, 0, "test", CancellationToken.None);
        var rows = new RawRows(feed.Epoch, feed.Place.Head, options.Records);
        await Commit(store, rows, TimeSpan.FromSeconds(options.WarmUpSeconds));
        return await Commit(store, rows, TimeSpan.FromSeconds(options.Seconds), clocks);
    }

    private static async Task<WriteFigures> Commit(ISyncStore store, RawRows rows, TimeSpan time, params Func<TimeSpan>[] clocks)
    {
        var clock = new WriteClock(clocks);
        long written = 0;
        while (clock.Elapsed < time)
        {
            var stored = await store.Commit([rows.NextBatch()], CancellationToken.None);
            if (!stored[0]) throw new InvalidOperationException("The store refused a batch.");
            written += RawRows.BatchSize;
        }

        return clock.Stop(written);
    }
}
