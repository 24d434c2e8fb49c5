using System.Diagnostics;
using OrleansSync.Load.Measures;

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

    private readonly Subscriber _subscriber;
    private readonly List<Writer> _writers = [];
    private volatile Meter? _meter;

    private Neighbour(Subscriber subscriber)
    {
        _subscriber = subscriber;
        subscriber.Arrived = bytes =>
        {
            if (_meter?.Open is { } histogram) Arrivals.Record(bytes.Span, histogram);
        };
        _ = subscriber.Run();
    }

    public static async Task<Neighbour> Join(ServerProcess server, string collection, int records)
    {
        var subscriber = await Subscriber.ToFeed(server.Port, collection, DisputedCollection.Ordinary, "\"type\":\"upsert\"");
        var neighbour = new Neighbour(subscriber);
        for (var i = 0; i < Sockets; i++)
        {
            var index = i;
            neighbour._writers.Add(await Writer.Connect(server.Port, InFlight / Sockets, number => Frame(collection, records, index, number)));
        }

        return neighbour;
    }

    /// <summary>Writes until it is stopped.</summary>
    public Task Write(CancellationToken stop) => Task.WhenAll(_writers.Select(writer => writer.Run(stop)));

    /// <summary>Writes, and has it measured for this time.</summary>
    public async Task Measure(Meter meter, TimeSpan time)
    {
        using var stop = new CancellationTokenSource();
        var writing = Write(stop.Token);
        await Task.Delay(Settling);
        _meter = meter;
        await meter.Measure(time);
        _meter = null;
        await stop.CancelAsync();
        await writing;
    }

    /// <summary>Writes that did not become a version as they should.</summary>
    public long Lost => _writers.Sum(writer => writer.Answered - writer.Applied);

    /// <summary>Writes that were answered, ever.</summary>
    public long Answered => _writers.Sum(writer => writer.Answered);

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
