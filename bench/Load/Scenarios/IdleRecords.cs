using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>What very many records cost that were written once: just written, when the server still has them in memory, and after a rest.</summary>
internal static class IdleRecords
{
    private const string Collection = "left-alone";
    private const int WarmUp = 2_000;

    // In seconds: when all records that nobody used have left memory.
    private const int Settled = 210;

    public static async Task<Measurement> Measure(LoadRun run, IScenario scenario, ILiveServer server, Options options)
    {
        var address = IAddressed.Of(server);
        // The code that writes is compiled by now, and what it needs is there.
        await Fill.Records(address, "warm-up", 0, WarmUp, number => Payload.Data(0, number), run.Cancelled);
        var before = server.WorkingSet;
        run.Screen.Preparing($"{options.Records:N0} records are written");
        await Fill.Records(address, Collection, 0, options.Records, number => Payload.Data(number % 100, number), run.Cancelled);
        var written = Each(server.WorkingSet);

        var what = LoadRun.Blank(scenario, $"{options.Records:N0} records left alone", options.Ours, options, "writes") with { RateIsResult = false };
        var meter = new Meter(what, run) { Count = () => 0, Watched = LoadRun.Cost(server) };
        await meter.WarmUp(TimeSpan.FromSeconds(options.Rest));
        var rested = Each(server.WorkingSet);
        await meter.Measure(options.Time);
        var found = Idle.WithCost(meter.Result(), server);
        return found with
        {
            Figures =
            [
                new("memory of one record, just written", written, "KB", Better.Lower),
                new($"memory of one record after {options.Rest} s", rested, "KB", Better.Lower),
                .. found.Figures,
            ],
            Notes =
            [
                .. found.Notes, "resident memory, with what the store's cache and the collector hold on to",
                .. options.Rest < Settled ? ["records leave the server's memory when nobody used them for three to four minutes: it did not rest so long"] : Array.Empty<string>(),
            ],
        };

        double Each(long memory) => (memory - before) / 1e3 / options.Records;
    }
}
