using System.Diagnostics;

namespace OrleansSync.Load;

/// <summary>
/// Deliveries a second to many subscribers of one feed while writers write as fast as they are answered, beside SignalR sending the same
/// payload to a group of as many clients, eight sends in flight.
/// </summary>
internal static class FanOutRun
{
    public static async Task Run(Options options)
    {
        var ours = await Ours(options);
        Console.WriteLine($"fan-out to {options.Subscribers}, WebSocket feed         {ours,12:N0} deliveries/s");
        var theirs = await SignalR(options);
        Console.WriteLine($"fan-out to {options.Subscribers}, SignalR group          {theirs,12:N0} deliveries/s   ratio {ours / theirs:0.00}");
    }

    private static async Task<double> Ours(Options options)
    {
        await using var server = await ServerProcess.Gateway();
        using var crowd = await Crowd.Gather(options.Subscribers, () => Subscriber.ToFeed(server.Port));
        using var stop = new CancellationTokenSource();
        using var writer = await Writer.Connect(server.Port, 0, 64, ["bench"], options.Records);
        var writing = writer.Run(stop.Token);
        var rate = await crowd.Rate(options);
        await stop.CancelAsync();
        await writing;
        return rate;
    }

    private static async Task<double> SignalR(Options options)
    {
        await using var server = await ServerProcess.SignalR();
        using var crowd = await Crowd.Gather(options.Subscribers, () => Subscriber.ToSignalR(server.Port));
        using var sender = await RawSocket.Connect(server.Port, "/hub");
        await sender.SendText("{\"protocol\":\"json\",\"version\":1}\u001e");
        await sender.ReadUntil("{}\u001e"u8.ToArray());
        // The peer's own loop keeps eight sends in flight until the connection ends.
        await sender.SendText("{\"type\":1,\"target\":\"Flood\",\"arguments\":[8]}\u001e");
        return await crowd.Rate(options);
    }

    /// <summary>Many subscribers, and how much they are sent together.</summary>
    private sealed class Crowd(List<Subscriber> subscribers) : IDisposable
    {
        public static async Task<Crowd> Gather(int count, Func<Task<Subscriber>> join)
        {
            var subscribers = new List<Subscriber>(count);
            while (subscribers.Count < count)
                subscribers.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(50, count - subscribers.Count)).Select(_ => join())));
            foreach (var subscriber in subscribers) _ = subscriber.Run();
            return new(subscribers);
        }

        public async Task<double> Rate(Options options)
        {
            await Task.Delay(TimeSpan.FromSeconds(options.WarmUpSeconds));
            var (before, clock) = (Deliveries, Stopwatch.StartNew());
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
            return (Deliveries - before) / clock.Elapsed.TotalSeconds;
        }

        private long Deliveries => subscribers.Sum(subscriber => subscriber.Deliveries);

        public void Dispose() => subscribers.ForEach(subscriber => subscriber.Dispose());
    }
}
