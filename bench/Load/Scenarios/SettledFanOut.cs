using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>Each of eight writes is replaced by the next when all have it: nothing can pile up, and who delivers late writes less.</summary>
internal sealed class SettledFanOut : FanOutMode
{
    public override string Name(Options options) => "eight writes that all must have";

    public override async Task<Measurement> Measure(LoadRun run, Measurement blank, ILiveServer server, Traits traits, Options options)
    {
        using var audience = await Audience.Gather(server, Writers, options.Subscribers, run.Cancelled);
        var settled = new SettledWrites(audience.Writers, audience.Subscribers);
        var meter = new Meter(blank, run) { Count = () => settled.Had, Watched = LoadRun.Cost(server), LatencyOf = "sending a write to all subscribers having it" };
        using var stop = new CancellationTokenSource();
        var writing = settled.Run(meter, stop.Token);
        await meter.WarmUp(options.WarmUp);
        await meter.Measure(options.Time);
        await stop.CancelAsync();
        await writing;
        var found = meter.Result();
        if (found.Operations == 0) throw new InvalidOperationException("No subscriber came to have any write.");
        return settled.UnderWaySince(meter.Since) is > 0 and var stuck
            ? found with { Notes = [.. found.Notes, $"{stuck} of the {Writers} writes never came to be with all while it was measured"] }
            : found;
    }
}
