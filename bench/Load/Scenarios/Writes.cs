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
            foreach (var contender in new[] { options.Ours }.Concat(options.Beside()))
            {
                if (await run.With(contender, options.Records, server => Measure(run, contender, server, load, options)) is { } found)
                    run.Line(Line(load, contender, found, raw));
            }
        }

        if (raw is not null) await Raw(run, ", again", options);
    }

    private async Task<Measurement> Raw(LoadRun run, string again, Options options)
    {
        var raw = await RawStore.Sqlite(run, LoadRun.Blank(this, "", new Subject($"raw SQLite, batches of 512{again}", "", Role.Limit), options, "writes"), options);
        run.Add(raw);
        run.Line($"raw SQLite, batches of 512{again,-7}     {raw.PerSecond,10:N0} writes/s");
        return raw;
    }

    private async Task<Measurement> Measure(LoadRun run, IContender contender, ILiveServer server, WriteLoad load, Options options)
    {
        var share = new Share { Writers = load.Sockets, InFlight = load.InFlight / load.Sockets, Records = options.Records, Seed = options.Seed };
        await using var generation = await Generation.Of(share, server, options.Generators);
        var meter = new Meter(LoadRun.Blank(this, $"{load.InFlight} in flight", contender, options, "writes"), run)
        {
            Count = () => generation.Answered,
            Watched = LoadRun.Cost(server),
            LatencyOf = "sending a write to its answer",
        };
        await generation.Run(meter, options, wait: true);
        var (found, refused) = (meter.Result(), generation.Refused);
        if (refused != 0) run.Line($"  {refused} writes were not applied");
        return refused == 0 ? found : found with { Notes = [.. found.Notes, $"{refused} writes were refused, warm-up included"] };
    }

    private static string Line(WriteLoad load, IContender contender, Measurement found, double? raw) =>
        $"{(LoadRun.IsOurs(contender) ? "WebSocket" : contender.Name)}, {load.InFlight,4} in flight              {found.PerSecond,10:N0} writes/s"
        + (raw is { } limit ? $"   {found.PerSecond / limit:0.00} x raw" : "")
        + (found.Server?.MicrosecondsAnOperation is { } cpu ? $"   {cpu:0.0} µs of server CPU a write" : "")
        + (found.Latency is { } latency ? $"   answer p50 {latency.P50:0.00} ms, p99 {latency.P99:0.00} ms" : "");
}
