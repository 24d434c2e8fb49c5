using System.Collections.Concurrent;
using System.Diagnostics;
using HdrHistogram;

namespace OrleansSync.Load.Peers;

/// <summary>Replaces documents, each by the revision it knows; it learns the newest and tries again when refused.</summary>
internal sealed class PouchDbWriter(int port) : IWriter
{
    private readonly PouchDbClient _client = new(port);
    private readonly ConcurrentDictionary<int, string?> _revisions = [];
    private readonly Lock _asking = new();
    private long _answered;
    private long _refused;
    private int _sent;

    public long Answered => Volatile.Read(ref _answered);
    public long Refused => Volatile.Read(ref _refused);
    public HistogramBase? AnswerTimes { get; set; }

    public async Task Write(Write write)
    {
        var sent = Stopwatch.GetTimestamp();
        var id = $"r-{write.Record}";
        var revision = _revisions.GetValueOrDefault(write.Record);
        while (await _client.Put(id, revision, write.Data) is var stored)
        {
            _revisions[write.Record] = stored;
            if (stored is not null) break;
            Interlocked.Increment(ref _refused);
            (revision, _) = await _client.Get(id);
        }

        AnswerTimes?.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds));
        Interlocked.Increment(ref _answered);
    }

    public Task Run(int inFlight, Func<int, Write> next, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
    {
        while (!stop.IsCancellationRequested) await Write(Next(next));
    }));

    private Write Next(Func<int, Write> next)
    {
        lock (_asking) return next(++_sent);
    }

    public void Dispose() => _client.Dispose();
}
