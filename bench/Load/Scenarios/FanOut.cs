using OrleansSync.Load.Generators;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>Deliveries a second to many subscribers of one feed while writers write as fast as they are answered.</summary>
internal sealed class FanOut : IScenario
{
    // A SignalR hub takes one call of a connection at a time: with eight connections it has eight sends in flight.
    private const int Writers = 8;
    private const int InFlight = 8;

    public string Name => "fan-out";
    public string Description => "deliveries a second to many subscribers of one feed, beside a SignalR group of as many";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual, Setting.Records, Setting.Subscribers, Setting.Generators];

    public async Task Run(LoadRun run, Options options)
    {
        double? ours = null;
        foreach (var contender in new[] { options.Ours }.Concat(options.Beside("SignalR")))
        {
            if (await run.With(contender, options.Records, server => Measure(run, contender, server, options)) is not { } found) continue;
            ours ??= found.PerSecond;
            var what = LoadRun.IsOurs(contender) ? "WebSocket feed" : contender.Name == "SignalR" ? "SignalR group" : contender.Name;
            run.Line($"fan-out to {options.Subscribers}, {what,-21}  {found.PerSecond,12:N0} deliveries/s{(LoadRun.IsOurs(contender) ? "" : $"   ratio {ours / found.PerSecond:0.00}")}");
        }
    }

    private async Task<Measurement> Measure(LoadRun run, IContender contender, ILiveServer server, Options options)
    {
        var share = new Share { Writers = Writers, InFlight = InFlight, Subscribers = options.Subscribers, Records = options.Records, Seed = options.Seed };
        await using var generation = await Generation.Of(share, server, options.Generators);
        var meter = new Meter(LoadRun.Blank(this, $"{options.Subscribers:N0} subscribers", contender, options, "deliveries"), run)
        {
            Count = () => generation.Deliveries,
            Watched = LoadRun.Cost(server),
        };
        // Answers may be behind seconds of deliveries: ended without waiting for them.
        var written = await generation.Run(meter, options, wait: false);
        var found = meter.Result();
        return found with { Figures = [new("writes a second meanwhile", written / found.Seconds, "", Better.Higher)] };
    }
}
