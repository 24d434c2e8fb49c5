using OrleansSync.Load.Generators;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>As fast as answers come, whatever became of the deliveries.</summary>
internal sealed class OpenFanOut : FanOutMode
{
    private const int InFlight = 8;

    public override bool CanBeShared => true;

    public override string Name(Options options) => "open window";

    public override async Task<Measurement> Measure(LoadRun run, Measurement blank, ILiveServer server, Traits traits, Options options)
    {
        var share = new Share { Writers = Writers, InFlight = InFlight, Subscribers = options.Subscribers, Records = options.Records, Seed = options.Seed };
        await using var generation = await Generation.Of(share, server, options.Generators, run.Cancelled);
        var meter = new Meter(blank, run) { Count = () => generation.Deliveries, Watched = LoadRun.Cost(server) };
        // Answers may be behind seconds of deliveries: ended without waiting for them.
        var written = await generation.Run(meter, options, wait: false);
        var found = meter.Result();
        return found with { Figures = [new("writes a second meanwhile", written / found.Seconds, "", Better.Higher)] };
    }
}
