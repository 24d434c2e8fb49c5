using OrleansSync.Load.Measures;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load;

/// <summary>Writers that keep a number of writes in flight on the records of some collections, spread over the servers.</summary>
internal sealed class WriteLoad(int inFlight, int sockets)
{
    private static readonly (int InFlight, int Sockets)[] Usual = [(1, 1), (16, 4), (64, 8), (512, 16)];

    public int InFlight => inFlight;
    public int Sockets => sockets;

    public IReadOnlyList<string> Collections { get; init; } = ["bench"];

    /// <summary>What is measured as a rule, or the one that was asked for.</summary>
    public static IEnumerable<WriteLoad> Chosen(Options options) => options.InFlight == 0
        ? Usual.Select(load => new WriteLoad(load.InFlight, load.Sockets))
        : [Of(options.InFlight)];

    /// <summary>Another number than the usual ones is spread over the sockets of the next lower one, and each has as many.</summary>
    private static WriteLoad Of(int inFlight)
    {
        var (_, sockets) = Usual.Last(load => load.InFlight <= inFlight);
        return new(inFlight / sockets * sockets, sockets);
    }

    /// <summary>On several nodes of ours, with what they cost, watched by the meter that is made for it.</summary>
    public async Task<(Measurement Found, Meter Meter)> Run(LoadRun run, Measurement what, IReadOnlyList<ServerProcess> servers, IReadOnlyList<Watched> watched, Options options)
    {
        var writers = new List<Writer>();
        for (var i = 0; i < sockets; i++)
            writers.Add(await Writer.Connect(servers[i % servers.Count].Port, i, inFlight / sockets, Collections, options.Records, options.Seed));
        var meter = new Meter(what, run) { Count = () => writers.Sum(writer => writer.Answered), Watched = watched };
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(writers.Select(writer => writer.Run(stop.Token)));
        await meter.WarmUp(options.WarmUp);
        await meter.Measure(options.Time);
        await stop.CancelAsync();
        await running;
        var lost = writers.Sum(writer => writer.Answered - writer.Applied);
        if (lost != 0) run.Line($"  {lost} writes were not applied");
        writers.ForEach(writer => writer.Dispose());
        var found = meter.Result();
        return (lost == 0 ? found : found with { Notes = [.. found.Notes, $"{lost} writes were not applied, warm-up included"] }, meter);
    }
}
