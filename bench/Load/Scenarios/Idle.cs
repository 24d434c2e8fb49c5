using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>What a server costs that has nothing to do: with a hundred subscribers that wait, and memory for each of a thousand more.</summary>
internal sealed class Idle : IScenario
{
    private const int Waiting = 100;
    private const int More = 1000;

    public string Name => "idle";
    public string Description => "CPU of a server with 100 subscribers and nothing to do, and the memory of 1,000 more";
    public IReadOnlyList<Setting> Settings { get; } = Setting.Usual;

    public async Task Run(LoadRun run, Options options)
    {
        foreach (var contender in new[] { options.Ours }.Concat(options.Beside()))
        {
            if (await run.With(contender, options.Records, server => Measure(run, contender, server, options)) is not { Figures: [var share, var memory, var each] }) continue;
            var name = LoadRun.IsOurs(contender) ? "" : $"   {contender.Name}";
            run.Line($"idle with {Waiting} subscribers             {share.Value:0.0} % of a core, {memory.Value:0} MB{name}");
            run.Line($"1,000 more subscribers                {each.Value:0.0} KB each{name}");
        }
    }

    private async Task<Measurement> Measure(LoadRun run, IContender contender, ILiveServer server, Options options)
    {
        var subscribers = new List<Subscriber>();
        await Join(server, subscribers, Waiting);
        var meter = new Meter(LoadRun.Blank(this, $"{Waiting} subscribers", contender, options, "deliveries") with { RateIsResult = false }, run)
        {
            Count = () => subscribers.Sum(subscriber => subscriber.Deliveries),
            Watched = LoadRun.Cost(server),
        };
        await meter.WarmUp(options.WarmUp);
        await meter.Measure(options.Time);
        var found = meter.Result();
        if (found.Server is null) return found with { Notes = [.. found.Notes, "the server runs elsewhere: its cost is not known"] };
        var memory = server.WorkingSet;
        await Join(server, subscribers, More);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var each = (server.WorkingSet - memory) / 1e3 / More;
        subscribers.ForEach(subscriber => subscriber.Dispose());
        return found with
        {
            Figures =
            [
                new("CPU", 100 * found.Server.CpuSeconds.Values.Sum() / found.Seconds, "% of a core", Better.Lower),
                new("memory", memory / 1e6, "MB", Better.Lower),
                new("memory of one more subscriber", each, "KB", Better.Lower),
            ],
        };
    }

    private static async Task Join(ILiveServer server, List<Subscriber> subscribers, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var subscriber = await server.ConnectSubscriber(subscribers.Count);
            subscribers.Add(subscriber);
            _ = subscriber.Run();
        }
    }
}
