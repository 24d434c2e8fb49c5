using System.Diagnostics;
using System.Text;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>
/// A client that writes so many times a second, and others that follow: how long each write is under way to them, from the moment it was due.
/// </summary>
internal sealed class PacedWrites(IWriter writer, IReadOnlyList<Subscriber> subscribers, Options options)
{
    /// <summary>A server that answers none of so many is not waited for any longer.</summary>
    private const int MostOpen = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private long _written;

    public long Delivered => subscribers.Sum(subscriber => subscriber.Deliveries);

    /// <summary>Runs for the time of the options; its meter must count what is delivered.</summary>
    /// <param name="everyWrite">Whether all must arrive with all.</param>
    public async Task Run(Meter meter, bool everyWrite)
    {
        foreach (var subscriber in subscribers)
        {
            subscriber.Arrived = bytes => Arrivals.Record(bytes.Span, meter.Latency, meter.Since);
            _ = subscriber.Run();
        }

        using var stop = new CancellationTokenSource();
        var writing = Task.Factory.StartNew(() => Write(stop.Token), TaskCreationOptions.LongRunning);
        try
        {
            await meter.WarmUp(options.WarmUp);
            await meter.Measure(options.Time);
        }
        finally
        {
            await stop.CancelAsync();
        }

        await writing;
        await TheLastArrivals(everyWrite);
    }

    private void Write(CancellationToken stop)
    {
        var pace = new Pace(options.Rate);
        while (!stop.IsCancellationRequested)
        {
            var due = pace.Next();
            if (_written - writer.Answered > MostOpen) throw new InvalidOperationException($"{MostOpen} writes are unanswered: the rate is more than the server takes.");
            _ = writer.Write(new((int)(_written++ % Math.Min(100, options.Records)), Encoding.UTF8.GetBytes($$"""{"text":"a line of chat of the usual length","sent":{{due}}}""")));
        }
    }

    // The slowest are the ones that matter: leaving before they are there would leave them out.
    private async Task TheLastArrivals(bool everyWrite)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience && (writer.Answered < _written || everyWrite && Missing > 0);) await Task.Delay(10);
    }

    /// <summary>Deliveries that did not come.</summary>
    public long Missing => subscribers.Count * _written - Delivered;

    public static string Line(Measures.Latency latency) =>
        $"p50 {latency.P50:0.00} ms   p99 {latency.P99:0.00} ms   p99.9 {latency.P999:0.00} ms   ({latency.Count:N0} deliveries)";
}
