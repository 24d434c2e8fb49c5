using BenchmarkDotNet.Attributes;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Micro;

/// <summary>The small texts of every page and record: cursors of one partition and of eight, timestamps.</summary>
public class CursorsAndTimestamps
{
    private static readonly byte[] Instant = "2026-11-24T05:35:12.1234567Z"u8.ToArray();

    private readonly byte[] _text = new byte[Timestamp.Length];
    private FeedIdentity _identity = null!;
    private FeedPosition _one = null!;
    private FeedPosition _eight = null!;
    private string _oneText = null!;
    private string _eightText = null!;
    private Timestamp _timestamp;

    [GlobalSetup]
    public void Prepare()
    {
        var request = new FeedRequest { Collection = Sample.Collection, Caller = Caller.Anonymous };
        _identity = FeedIdentity.Of(request, CollectionSettings.Default);
        _one = Places(1);
        _eight = Places(8);
        (_oneText, _eightText) = (WriteOne(), WriteEight());
        if (ReadOne() is null || ReadEight() is null || !ReadTimestamp()) throw new InvalidOperationException("What was written cannot be read: another thing would be measured.");
        Timestamp.TryParse(Instant, out _timestamp);
    }

    [Benchmark(Description = "write a cursor, 1 partition")]
    public string WriteOne() => FeedCursor.Write(_identity, _one);

    [Benchmark(Description = "write a cursor, 8 partitions")]
    public string WriteEight() => FeedCursor.Write(_identity, _eight);

    [Benchmark(Description = "read a cursor, 1 partition")]
    public object? ReadOne() => FeedCursor.Read(_oneText);

    [Benchmark(Description = "read a cursor, 8 partitions")]
    public object? ReadEight() => FeedCursor.Read(_eightText);

    [Benchmark(Description = "read a timestamp")]
    public bool ReadTimestamp() => Timestamp.TryParse(Instant, out _);

    [Benchmark(Description = "write a timestamp")]
    public void WriteTimestamp() => _timestamp.Format(_text);

    private static FeedPosition Places(int partitions) =>
        FeedPosition.Of([.. Enumerable.Range(0, partitions).Select(partition => new FeedPosition.Mark("life", 1_234_567 + partition))]);
}
