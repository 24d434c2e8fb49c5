namespace OrleansSync.Load;

/// <summary>Writers that keep a number of writes in flight on the records of some collections, spread over the servers.</summary>
internal sealed class WriteLoad(int inFlight, int sockets, Options options)
{
    /// <summary>What is measured as a rule.</summary>
    public static readonly (int InFlight, int Sockets)[] Usual = [(1, 1), (16, 4), (64, 8), (512, 16)];

    public int InFlight => inFlight;

    public IReadOnlyList<string> Collections { get; init; } = ["bench"];

    /// <summary>Writes a second, after the warm-up, and what they cost by some clocks of CPU time.</summary>
    public async Task<WriteFigures> Run(IReadOnlyList<ServerProcess> servers, params Func<TimeSpan>[] clocks)
    {
        var writers = new List<Writer>();
        for (var i = 0; i < sockets; i++)
            writers.Add(await Writer.Connect(servers[i % servers.Count].Port, i, inFlight / sockets, Collections, options.Records));
        using var stop = new CancellationTokenSource();
        var running = writers.Select(writer => writer.Run(stop.Token)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(options.WarmUpSeconds));
        var (measure, before) = (new WriteClock(clocks), Answered());
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var figures = measure.Stop(Answered() - before);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        var lost = writers.Sum(writer => writer.Answered - writer.Applied);
        if (lost != 0) Console.WriteLine($"  {lost} writes were not applied");
        writers.ForEach(writer => writer.Dispose());
        return figures;

        long Answered() => writers.Sum(writer => writer.Answered);
    }
}
