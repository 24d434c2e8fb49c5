using System.Diagnostics;
using HdrHistogram;

namespace OrleansSync.Load;

/// <summary>A client that writes 50 times a second, and others that follow: how long each write is under way to them.</summary>
internal static class PacedWrites
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static async Task<HistogramBase> Run(string collection, int writerPort, int subscriberPort, int subscribers, Options options)
    {
        var histogram = Arrivals.Histogram();
        var following = new List<Subscriber>();
        var measuring = false;
        for (var i = 0; i < subscribers; i++)
        {
            var subscriber = await Subscriber.ToFeed(subscriberPort, collection, null, "\"type\":\"upsert\"");
            subscriber.Arrived = bytes => { if (Volatile.Read(ref measuring)) Arrivals.Record(bytes.Span, histogram); };
            following.Add(subscriber);
            _ = subscriber.Run();
        }

        using var writer = await RawSocket.Connect(writerPort, "/v1/socket");
        await writer.SendText("""{"type":"hello","version":1}""");
        using var pace = new PeriodicTimer(Pace);
        var clock = Stopwatch.StartNew();
        for (var n = 0; clock.Elapsed.TotalSeconds < options.WarmUpSeconds + options.Seconds; n++)
        {
            await pace.WaitForNextTickAsync();
            Volatile.Write(ref measuring, clock.Elapsed.TotalSeconds > options.WarmUpSeconds);
            await writer.SendText(
                $$$"""{"type":"write","ref":{{{n}}},"writes":[{"collection":"{{{collection}}}","record":"r-{{{n % 100}}}","op":"put","data":{"text":"a line of chat of the usual length","sent":{{{Stopwatch.GetTimestamp()}}}}}]}""");
        }

        following.ForEach(subscriber => subscriber.Dispose());
        return histogram;
    }

    public static string Line(HistogramBase latency) =>
        $"p50 {Arrivals.Milliseconds(latency, 50):0.00} ms   p99 {Arrivals.Milliseconds(latency, 99):0.00} ms   p99.9 {Arrivals.Milliseconds(latency, 99.9):0.00} ms   ({latency.TotalCount:N0} deliveries)";
}
