using System.Text;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Load;

/// <summary>The rows that writes to random records lead to, for whoever measures a store with nothing in front of it.</summary>
internal sealed class RawRows(long epoch, long head, Options options)
{
    public const string Collection = "bench";
    public const int BatchSize = 512;

    private readonly Random _random = options.Random(0);
    private readonly long[] _versions = new long[options.Records];
    private long _head = head;

    public FeedBatch NextBatch(int size = BatchSize)
    {
        var before = _head;
        var commits = new List<RecordCommit>(size);
        for (var i = 0; i < size; i++) commits.Add(Write(_random.Next(options.Records), ++_head));
        return new FeedBatch(Collection, 0, epoch, before, _head, commits);
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
