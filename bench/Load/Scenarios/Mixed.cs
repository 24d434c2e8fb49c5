using OrleansSync.Load.Applications;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;
using OrleansSync.Load.Report;

namespace OrleansSync.Load.Scenarios;

/// <summary>What applications do, at a rate: a chat of many rooms, and a board that all work on.</summary>
internal sealed class Mixed : IScenario
{
    public string Name => "mixed";
    public string Description => "a chat of many rooms and a board of cards, each at a given rate (open loop): latency to the other members, and server CPU";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual, Setting.Rate.Of(100), Setting.Clients.Of(100), Setting.Records.Of(200)];

    public async Task Run(LoadRun run, Options options)
    {
        foreach (var application in new Application[] { new Chat(options.Clients, options.Rate, options.Random(0)), new Board(options.Clients, options.Records, options.Rate, options.Random(1)) })
        {
            using (application)
            {
                if (await run.With(options.Ours, options.Records, server => Measure(run, server, application, options)) is not { } found) continue;
                run.Line(
                    $"{application.Name}, {options.Clients} clients, {options.Rate} writes/s   {string.Join("   ", found.Figures.Select(figure => $"{Number.Text(figure.Value, figure.Unit)} {figure.Name}"))}"
                    + (found.Server?.MicrosecondsAnOperation is { } cpu ? $"   {cpu:0.0} µs of server CPU a write" : ""));
                if (found.Latency is { } latency) run.Line($"  due -> other member has it   {PacedWrites.Line(latency)}");
            }
        }
    }

    private async Task<Measurement> Measure(LoadRun run, ILiveServer server, Application application, Options options)
    {
        var address = IAddressed.Of(server);
        await application.Open(address);
        var meter = new Meter(LoadRun.Blank(this, $"{application.Name}, {options.Clients} clients, {options.Rate} writes/s", options.Ours, options, "writes") with { RateIsResult = false }, run)
        {
            Count = () => application.Answered,
            Watched = LoadRun.Cost(server),
            LatencyOf = "a write being due to another member having it",
        };
        application.Follow(bytes => Arrivals.Record(bytes.Span, meter.Latency, meter.Since));
        using var stop = new CancellationTokenSource();
        var running = application.Run(stop.Token);
        await meter.WarmUp(options.WarmUp);
        var before = application.Delivered;
        await meter.Measure(options.Time);
        var delivered = application.Delivered - before;
        await stop.CancelAsync();
        await running;
        return With(meter.Result(), delivered, application);
    }

    private static Measurement With(Measurement found, long delivered, Application application) => found with
    {
        Figures =
        [
            new("writes answered a second", found.PerSecond, "", Better.Higher),
            new("deliveries a second", delivered / found.Seconds, "", Better.Higher),
            .. found.Server is { } server && delivered > 0 ? [new("server CPU a delivery", server.CpuSeconds.Values.Sum() * 1e6 / delivered, "µs", Better.Lower)] : Array.Empty<Figure>(),
        ],
        Notes =
        [
            .. found.Notes,
            .. application.Refused == 0 ? Array.Empty<string>() : [$"{application.Refused} writes were refused, warm-up included"],
            .. application.Answered == application.Written ? Array.Empty<string>() : [$"{application.Written - application.Answered} writes were not answered"],
            .. application.Missing == 0 ? Array.Empty<string>() : [$"{application.Missing} deliveries did not come, warm-up included"],
        ],
    };
}
