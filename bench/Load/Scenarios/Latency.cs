using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>From the moment a write is due to the moment another client has it, at a pace, with one subscriber and with 100.</summary>
internal sealed class Latency : IScenario
{
    public string Name => "latency";
    public string Description => "from a write to another client having it, at a given rate (open loop), with 1 and 100 subscribers";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual, Setting.Rate];

    public async Task Run(LoadRun run, Options options)
    {
        foreach (var subscribers in new[] { 1, 100 })
        {
            foreach (var contender in new[] { options.Ours }.Concat(options.Beside()))
            {
                if (await run.With(contender, options.Records, server => Measure(run, contender, server, subscribers, options)) is { Latency: { } latency })
                    run.Line($"write -> other subscriber, {subscribers,3} of them    {PacedWrites.Line(latency)}{(LoadRun.IsOurs(contender) ? "" : $"   {contender.Name}")}");
            }
        }
    }

    private async Task<Measurement> Measure(LoadRun run, IContender contender, ILiveServer server, int count, Options options)
    {
        var subscribers = new List<Subscriber>();
        for (var i = 0; i < count; i++) subscribers.Add(await server.ConnectSubscriber(i));
        using var writer = await server.ConnectWriter(0);
        var paced = new PacedWrites(writer, subscribers, options);
        var meter = new Meter(LoadRun.Blank(this, $"{count} subscriber{(count == 1 ? "" : "s")}, {options.Rate} writes/s", contender, options, "deliveries") with { RateIsResult = false }, run)
        {
            Count = () => paced.Delivered,
            Watched = LoadRun.Cost(server),
            LatencyOf = "a write being due to a subscriber having it",
        };
        await paced.Run(meter, contender.Traits.EveryWrite);
        subscribers.ForEach(subscriber => subscriber.Dispose());
        var found = meter.Result();
        return contender.Traits.EveryWrite && paced.Missing != 0
            ? found with { Notes = [.. found.Notes, $"{paced.Missing} deliveries did not come, warm-up included"] }
            : found;
    }
}
