using System.Diagnostics;
using HdrHistogram;

namespace OrleansSync.Load;

/// <summary>
/// Those who work on the ordinary records of a collection: writers with 16 writes in flight, and a subscriber with whom each write must arrive.
/// </summary>
internal sealed class Neighbour : IDisposable
{
    private const int Sockets = 4;
    private const int InFlight = 16;

    /// <summary>After writing has begun, before it is measured.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly ServerProcess _server;
    private readonly Subscriber _subscriber;
    private readonly List<Writer> _writers = [];
    private volatile HistogramBase? _histogram;

    private Neighbour(ServerProcess server, Subscriber subscriber)
    {
        (_server, _subscriber) = (server, subscriber);
        subscriber.Arrived = bytes =>
        {
            if (_histogram is { } histogram) Arrivals.Record(bytes.Span, histogram);
        };
        _ = subscriber.Run();
    }

    public static async Task<Neighbour> Join(ServerProcess server, string collection, int records)
    {
        var subscriber = await Subscriber.ToFeed(server.Port, collection, DisputedCollection.Ordinary, "\"type\":\"upsert\"");
        var neighbour = new Neighbour(server, subscriber);
        for (var i = 0; i < Sockets; i++)
        {
            var index = i;
            neighbour._writers.Add(await Writer.Connect(server.Port, InFlight / Sockets, number => Frame(collection, records, index, number)));
        }

        return neighbour;
    }

    /// <summary>Writes until it is stopped.</summary>
    public Task Write(CancellationToken stop) => Task.WhenAll(_writers.Select(writer => writer.Run(stop)));

    /// <summary>Writes, and adds to the figures what is seen in this time.</summary>
    public async Task Measure(Figures figures, TimeSpan time)
    {
        using var stop = new CancellationTokenSource();
        var writing = Write(stop.Token);
        await Task.Delay(Settling);
        _histogram = figures.Latency;
        var (before, cpu, clock) = (Answered, _server.CpuTime, Stopwatch.StartNew());
        await Task.Delay(time);
        figures.Add(Answered - before, _server.CpuTime - cpu, clock.Elapsed);
        _histogram = null;
        await stop.CancelAsync();
        await writing;
    }

    /// <summary>Writes that did not become a version as they should.</summary>
    public long Lost => _writers.Sum(writer => writer.Answered - writer.Applied);

    private long Answered => _writers.Sum(writer => writer.Answered);

    // A policy that lets people decide wants to know what the writer has seen. Each writes to records of its own, one after the other, so that it knows.
    private static string Frame(string collection, int records, int index, int number)
    {
        var (round, own) = Math.DivRem(number - 1, records / Sockets);
        return $$$"""{"type":"write","ref":{{{number}}},"writes":[{"id":"w-{{{number}}}","collection":"{{{collection}}}","record":"r-{{{own * Sockets + index}}}","op":"patch","base":{{{round + 1}}},"data":{"title":"Buy milk and bread, number {{{number}}}","done":{{{(number % 2 == 0 ? "true" : "false")}}},"sent":{{{Stopwatch.GetTimestamp()}}}}}]}""";
    }

    public void Dispose()
    {
        _subscriber.Dispose();
        _writers.ForEach(writer => writer.Dispose());
    }
}
