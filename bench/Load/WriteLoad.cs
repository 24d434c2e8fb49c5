using System.Text;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load;

/// <summary>A number of writes that are kept in flight on random records, spread over sockets.</summary>
internal sealed class WriteLoad(int inFlight, int sockets)
{
    private static readonly (int InFlight, int Sockets)[] Usual = [(1, 1), (16, 4), (64, 8), (512, 16)];

    public int InFlight => inFlight;
    public int Sockets => sockets;

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

    /// <param name="connect">A writer, by its number from 0.</param>
    public async Task<(Measurement Found, Meter Meter)> Run(
        LoadRun run, Measurement what, IReadOnlyList<Watched> watched, Func<int, Task<IWriter>> connect, Options options)
    {
        var writers = new List<IWriter>();
        for (var i = 0; i < sockets; i++) writers.Add(await connect(i));
        var meter = new Meter(what, run)
        {
            Count = () => writers.Sum(writer => writer.Answered),
            Watched = watched,
            LatencyOf = "sending a write to its answer",
        };
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(writers.Select((writer, index) => writer.Run(inFlight / sockets, Next(index, options), stop.Token)));
        await meter.WarmUp(options.WarmUp);
        writers.ForEach(writer => writer.AnswerTimes = meter.Latency);
        await meter.Measure(options.Time);
        writers.ForEach(writer => writer.AnswerTimes = null);
        await stop.CancelAsync();
        await running;
        var refused = writers.Sum(writer => writer.Refused);
        if (refused != 0) run.Line($"  {refused} writes were not applied");
        writers.ForEach(writer => writer.Dispose());
        var found = meter.Result();
        return (refused == 0 ? found : found with { Notes = [.. found.Notes, $"{refused} writes were refused, warm-up included"] }, meter);
    }

    private static Func<int, Write> Next(int index, Options options)
    {
        var random = options.Random(index);
        return number => new(random.Next(options.Records), Encoding.UTF8.GetBytes(Payload.Data(index, number)));
    }
}
