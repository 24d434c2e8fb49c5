using OrleansSync.Load.Generators;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load;

/// <summary>A number of writes that are kept in flight on random records, spread over sockets.</summary>
internal sealed class WriteLoad(int inFlight, int sockets)
{
    private static readonly (int InFlight, int Sockets)[] Usual = [(1, 1), (16, 4), (64, 8), (512, 16)];

    public int InFlight => inFlight;

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

    /// <param name="connect">Whoever makes it.</param>
    public async Task<(Measurement Found, Meter Meter)> Run(
        LoadRun run, Measurement what, IReadOnlyList<Watched> watched, Func<Share, Task<Generation>> connect, Options options)
    {
        await using var generation = await connect(new() { Writers = sockets, InFlight = inFlight / sockets, Records = options.Records, Seed = options.Seed });
        var meter = new Meter(what, run)
        {
            Count = () => generation.Answered,
            Watched = watched,
            LatencyOf = "sending a write to its answer",
        };
        await generation.Run(meter, options, wait: true);
        var (found, refused) = (meter.Result(), generation.Refused);
        if (refused != 0) run.Line($"  {refused} writes were not applied");
        return (refused == 0 ? found : found with { Notes = [.. found.Notes, $"{refused} writes were refused, warm-up included"] }, meter);
    }
}
