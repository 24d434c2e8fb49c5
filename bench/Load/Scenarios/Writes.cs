using OrleansSync.Load.Generators;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>Durable writes a second over WebSocket, beside what the same store takes in batches of 512 with nothing in front of it.</summary>
internal sealed class Writes : IScenario
{
    public string Name => "writes";
    public string Description => "durable, conflict-checked writes a second, beside the raw limit of the disk's store";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual, Setting.Records, Setting.InFlight, Setting.Generators];

    public async Task Run(LoadRun run, Options options)
    {
        // What a server elsewhere writes to is not this machine's disk.
        double? raw = options.Target is null ? (await Raw(run, "", options)).PerSecond : null;
        foreach (var load in WriteLoad.Chosen(options))
        {
            var least = load.InFlight == 1 && options.Target is null ? await Least(run, load, options) : null;
            foreach (var contender in new[] { options.Ours }.Concat(options.Beside()).Where(contender => least is null || contender != Contenders.Transport))
            {
                if (await run.With(contender, options.Records, server => Measure(run, contender, server, load, options, least)) is { } found)
                    run.Line(Line(load, contender, found, raw));
            }
        }

        if (raw is not null) await Raw(run, ", again", options);
    }

    private Task<OneWriter> Least(LoadRun run, WriteLoad load, Options options) => OneWriter.Measure(
        run,
        LoadRun.Blank(this, Case(load), options.Ours, options, "writes") with { Notes = [] },
        options,
        (contender, server) => Measure(run, contender, server, load, options, null));

    private async Task<Measurement> Raw(LoadRun run, string again, Options options)
    {
        var raw = await RawStore.Sqlite(run, LoadRun.Blank(this, "", new Subject($"raw SQLite, batches of 512{again}", "", Role.Limit), options, "writes"), options);
        run.Add(raw);
        run.Line($"raw SQLite, batches of 512{again,-7}     {raw.PerSecond,10:N0} writes/s");
        return raw;
    }

    private async Task<Measurement> Measure(LoadRun run, IContender contender, ILiveServer server, WriteLoad load, Options options, OneWriter? least)
    {
        var (found, _) = await load.Run(
            run, LoadRun.Blank(this, Case(load), contender, options, "writes"), LoadRun.Cost(server), share => Generation.Of(share, server, options.Generators, run.Cancelled), options);
        return LoadRun.IsOurs(contender) && least is not null ? least.Beside(found) : found;
    }

    private static string Case(WriteLoad load) => $"{load.InFlight} in flight";

    private static string Line(WriteLoad load, IContender contender, Measurement found, double? raw) =>
        $"{(LoadRun.IsOurs(contender) ? "WebSocket" : contender.Name)}, {load.InFlight,4} in flight              {found.PerSecond,10:N0} writes/s"
        + (raw is { } limit ? $"   {found.PerSecond / limit:0.00} x raw" : "")
        + (found.Server?.MicrosecondsAnOperation is { } cpu ? $"   {cpu:0.0} µs of server CPU a write" : "")
        + (found.Latency is { } latency ? $"   answer p50 {latency.P50:0.00} ms, p99 {latency.P99:0.00} ms" : "")
        + (found.Figures is [var least, ..] ? $", {least.Value:0.00} x one commit and one bare round trip" : "");
}
