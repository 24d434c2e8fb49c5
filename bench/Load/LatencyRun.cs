using System.Diagnostics;
using HdrHistogram;

namespace OrleansSync.Load;

/// <summary>From the moment a write is sent to the moment another client has it, at 50 writes a second, with one subscriber and with 100.</summary>
internal static class LatencyRun
{
    public static async Task Run(Options options)
    {
        await Run(options, 1);
        await Run(options, 100);
    }

    private static async Task Run(Options options, int count)
    {
        await using var server = await ServerProcess.Gateway();
        var histogram = new LongConcurrentHistogram(1, TimeSpan.TicksPerMinute, 3);
        var subscribers = new List<Subscriber>();
        var measuring = false;
        for (var i = 0; i < count; i++)
        {
            var subscriber = await Subscriber.ToFeed(server.Port);
            subscriber.Arrived = bytes => { if (measuring) Arrivals.Record(bytes.Span, histogram); };
            subscribers.Add(subscriber);
            _ = subscriber.Run();
        }

        using var writer = await RawSocket.Connect(server.Port, "/v1/socket");
        await writer.SendText("""{"type":"hello","version":1}""");
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var clock = Stopwatch.StartNew();
        for (var n = 0; clock.Elapsed.TotalSeconds < options.WarmUpSeconds + options.Seconds; n++)
        {
            await pace.WaitForNextTickAsync();
            measuring = clock.Elapsed.TotalSeconds > options.WarmUpSeconds;
            await writer.SendText(
                $$$"""{"type":"write","ref":{{{n}}},"writes":[{"collection":"bench","record":"r-{{{n % 100}}}","op":"put","data":{"text":"a line of chat of the usual length","sent":{{{Stopwatch.GetTimestamp()}}}}}]}""");
        }

        Console.WriteLine(
            $"write -> other subscriber, {count,3} of them    p50 {Arrivals.Milliseconds(histogram, 50):0.00} ms   p99 {Arrivals.Milliseconds(histogram, 99):0.00} ms   p99.9 {Arrivals.Milliseconds(histogram, 99.9):0.00} ms   ({histogram.TotalCount:N0} deliveries)");
        subscribers.ForEach(subscriber => subscriber.Dispose());
    }
}
