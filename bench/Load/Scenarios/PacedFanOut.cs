using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>So many writes a second, each due at its moment.</summary>
internal sealed class PacedFanOut : FanOutMode
{
    public override string Name(Options options) => $"{options.Rate} writes a second";

    public override async Task<Measurement> Measure(LoadRun run, Measurement blank, ILiveServer server, Traits traits, Options options)
    {
        using var audience = await Audience.Gather(server, 1, options.Subscribers, run.Cancelled);
        var paced = new PacedWrites(audience.Writers[0], audience.Subscribers, options);
        var meter = new Meter(blank with { RateIsResult = false }, run)
        {
            Count = () => paced.Delivered,
            Watched = LoadRun.Cost(server),
            LatencyOf = "a write being due to a subscriber having it",
        };
        await paced.Run(meter, traits.EveryWrite);
        var found = meter.Result();
        return found with
        {
            Figures = found.Latency is { } latency ? [new("p99.9 latency", latency.P999, "ms", Better.Lower)] : [],
            Notes = traits.EveryWrite && paced.Missing != 0 ? [.. found.Notes, $"{paced.Missing} deliveries did not come, warm-up included"] : found.Notes,
        };
    }
}
