namespace OrleansSync.Load;

/// <summary>What a server costs that has nothing to do: with a hundred subscribers that wait, and memory for each of a thousand more.</summary>
internal static class IdleRun
{
    public static async Task Run(Options options)
    {
        await using var server = await ServerProcess.Gateway();
        var subscribers = new List<Subscriber>();
        await Join(server, subscribers, 100);
        await Task.Delay(TimeSpan.FromSeconds(options.WarmUpSeconds));
        var before = server.CpuTime;
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var share = (server.CpuTime - before) / TimeSpan.FromSeconds(options.Seconds);
        Console.WriteLine($"idle with 100 subscribers             {share:P1} of a core, {server.WorkingSet / 1_000_000} MB");
        var memory = server.WorkingSet;
        await Join(server, subscribers, 1000);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Console.WriteLine($"1,000 more subscribers                {(server.WorkingSet - memory) / 1_000_000.0:0.0} KB each");
        subscribers.ForEach(subscriber => subscriber.Dispose());
    }

    private static async Task Join(ServerProcess server, List<Subscriber> subscribers, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var subscriber = await Subscriber.ToFeed(server.Port);
            subscribers.Add(subscriber);
            _ = subscriber.Run();
        }
    }
}
