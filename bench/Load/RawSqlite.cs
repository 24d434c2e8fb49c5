using System.Diagnostics;
using System.Text;
using OrleansSync.Protocol;
using OrleansSync.Storage;
using OrleansSync.Storage.Sqlite;

namespace OrleansSync.Load;

/// <summary>The raw limit: the same rows into the same SQLite store, in batches of 512, from one thread, with nothing in front of it.</summary>
internal static class RawSqlite
{
    private const int BatchSize = 512;

    public static async Task<double> RowsPerSecond(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("orleanssync-raw-").FullName;
        try
        {
            await using var store = new SqliteStore(Path.Combine(folder, "raw.db"), TimeProvider.System);
            await store.Open(CancellationToken.None);
            await store.WriteCollection("bench", 0, CollectionSettings.Default, CancellationToken.None);
            var rows = new Rows(await store.TakeFeed("bench", 0, "test", CancellationToken.None), options.Records);
            await Commit(store, rows, TimeSpan.FromSeconds(options.WarmUpSeconds));
            return await Commit(store, rows, TimeSpan.FromSeconds(options.Seconds));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Commit(SqliteStore store, Rows rows, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        long written = 0;
        while (clock.Elapsed < time)
        {
            var stored = await store.Commit([rows.Next(BatchSize)], CancellationToken.None);
            if (!stored[0]) throw new InvalidOperationException("The store refused a batch.");
            written += BatchSize;
        }

        return written / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Makes the rows that writes to random records lead to.</summary>
    private sealed class Rows(FeedOwnership feed, int records)
    {
        private readonly Random _random = new(1);
        private readonly long[] _versions = new long[records];
        private long _head = feed.Place.Head;

        public FeedBatch Next(int count)
        {
            var before = _head;
            var commits = new List<RecordCommit>(count);
            for (var i = 0; i < count; i++) commits.Add(Write(_random.Next(records), ++_head));
            return new FeedBatch("bench", 0, feed.Epoch, before, _head, commits);
        }

        private RecordCommit Write(int record, long seq)
        {
            var version = ++_versions[record];
            var data = Encoding.UTF8.GetBytes(Payload.Data(record % 16, seq));
            var now = Timestamp.Now(TimeProvider.System);
            var view = new RecordVersion { Id = $"r-{record}", Version = version, Timestamp = now, Author = "anonymous", Data = data };
            return new RecordCommit
            {
                RecordId = view.Id,
                Seq = seq,
                MakesVersion = true,
                ExpectedVersion = version - 1,
                State = new RecordState { View = view, Data = data, Merge = new byte[60], Write = $"w-1-{seq}" },
                Entry = new HistoryEntry
                {
                    Number = version,
                    Version = version,
                    MadeVersion = true,
                    Timestamp = now,
                    Author = view.Author,
                    Write = $"w-1-{seq}",
                    Op = WriteOp.Put,
                    Outcome = Outcome.Applied,
                    Changes = [new PathChange("title", "\"Buy milk and bread, number 1\""u8.ToArray(), "\"Buy milk and bread, number 2\""u8.ToArray()), new PathChange("priority", "1"u8.ToArray(), "2"u8.ToArray())],
                    RecordedAt = now,
                    Fingerprint = seq,
                    RecordTimestamp = now,
                    RecordAuthor = view.Author,
                },
            };
        }
    }
}
