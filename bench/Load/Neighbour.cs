using System.Diagnostics;
using System.Text;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

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

    private static readonly byte[][] NotApplied = ["\"code\":\""u8.ToArray(), "\"outcome\":\"merged\""u8.ToArray(), "\"outcome\":\"held\""u8.ToArray()];

    private readonly Subscriber _subscriber;
    private readonly int _records;
    private readonly List<SocketWriter> _writers = [];
    private volatile Meter? _meter;

    private Neighbour(Subscriber subscriber, int records)
    {
        (_subscriber, _records) = (subscriber, records);
        subscriber.Arrived = bytes =>
        {
            if (_meter?.Open is { } histogram) Arrivals.Record(bytes.Span, histogram);
        };
        _ = subscriber.Run();
    }

    public static async Task<Neighbour> Join(ServerProcess server, string collection, int records)
    {
        var subscriber = await Subscriber.ToFeed(server.Port, collection, DisputedCollection.Ordinary, "\"type\":\"upsert\"");
        var neighbour = new Neighbour(subscriber, records);
        for (var i = 0; i < Sockets; i++)
            neighbour._writers.Add(await SocketWriter.Connect(server.Port, new OrleansSyncDialect(i, collection) { Operation = neighbour.Patch, NotApplied = NotApplied }));
        return neighbour;
    }

    /// <summary>Writes until it is stopped.</summary>
    public Task Write(CancellationToken stop) => Task.WhenAll(_writers.Select((writer, index) => writer.Run(InFlight / Sockets, number => Next(index, number), stop)));

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
    public long Lost => _writers.Sum(writer => writer.Refused);

    /// <summary>Writes that were answered, ever.</summary>
    public long Answered => _writers.Sum(writer => writer.Answered);

    // A policy that lets people decide wants to know what the writer has seen. Each writes to records of its own, one after the other, so that it knows.
    private string Patch(int number) => $"\"op\":\"patch\",\"base\":{Round(number).Quotient + 1}";

    private Write Next(int index, int number) => new(Round(number).Remainder * Sockets + index, Encoding.UTF8.GetBytes(
        $$"""{"title":"Buy milk and bread, number {{number}}","done":{{(number % 2 == 0 ? "true" : "false")}},"sent":{{Stopwatch.GetTimestamp()}}}"""));

    /// <summary>How often the writer has been at each of its records, and at which it is now.</summary>
    private (int Quotient, int Remainder) Round(int number) => Math.DivRem(number - 1, _records / Sockets);

    public void Dispose()
    {
        _subscriber.Dispose();
        _writers.ForEach(writer => writer.Dispose());
    }
}
