using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>
/// What a server costs that has nothing to do: with a hundred subscribers that wait, with thousands more, and with very many records that were written
/// once and then left alone.
/// </summary>
internal sealed class Idle : IScenario
{
    private const int Waiting = 100;

    // Nobody writes, and some peers keep something for each pair of a subscriber and a record.
    private const int RecordsFollowed = 10;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public string Name => "idle";
    public string Description => "CPU of a server with nothing to do, memory of each of 5,000 more subscribers, and of 100,000 records that are left alone";

    public IReadOnlyList<Setting> Settings { get; } =
    [
        .. Setting.Usual,
        Setting.Subscribers with { Description = "more clients that wait" },
        Setting.Records.Of(100_000) with { Lowest = 0, Description = "records that are written once and left; 0 = this is not measured" },
        Setting.Rest,
    ];

    public async Task Run(LoadRun run, Options options)
    {
        if (Room.Lacks(Waiting + options.Subscribers) is { } why) run.Skip($"{Name} with {options.Subscribers:N0} more subscribers: {why}");
        else await CompareSubscribers(run, options);
        // Of a deployment that others may use, memory says nothing about these records.
        if (options.Records > 0 && options.Target is null) await LeaveRecords(run, options);
    }

    private async Task CompareSubscribers(LoadRun run, Options options)
    {
        foreach (var contender in new[] { options.Ours }.Concat(options.Beside()))
        {
            var name = LoadRun.IsOurs(contender) ? "" : $"   {contender.Name}";
            if (await run.With(contender, RecordsFollowed, server => Subscribers(run, contender, server, options)) is not { Figures: [var share, var each, ..] }) continue;
            run.Line($"{$"idle with {options.Subscribers:N0} more subscribers",-40}{share.Value:0.0} % of a core, {each.Value:0.0} KB each{name}");
        }
    }

    private async Task LeaveRecords(LoadRun run, Options options)
    {
        if (await run.With(options.Ours, options.Records, server => IdleRecords.Measure(run, this, server, options)) is not { Figures: [var written, var rested, var cores, ..] }) return;
        run.Line($"{$"{options.Records:N0} records written",-40}{written.Value:0.00} KB each; {rested.Value:0.00} KB after {options.Rest} s, with {cores.Value:0.0} % of a core");
    }

    private async Task<Measurement> Subscribers(LoadRun run, IContender contender, ILiveServer server, Options options)
    {
        var few = await Join(run, server, Waiting, 0);
        var found = await Rest(run, contender, server, few, $"{Waiting} subscribers", options);
        run.Line($"{$"idle with {Waiting} subscribers",-40}{(found.Figures is [var share, var all] ? $"{share.Value:0.0} % of a core, {all.Value:0} MB" : "its cost is not known")}{(LoadRun.IsOurs(contender) ? "" : $"   {contender.Name}")}");
        run.Add(found);
        var before = server.WorkingSet;
        run.Screen.Preparing($"{options.Subscribers:N0} more subscribers join");
        var many = await Join(run, server, options.Subscribers, Waiting);
        await Task.Delay(Settling, run.Cancelled);
        var more = (server.WorkingSet - before) / 1e3 / options.Subscribers;
        var crowded = await Rest(run, contender, server, [.. few, .. many], $"{options.Subscribers:N0} more subscribers", options);
        foreach (var subscriber in few.Concat(many)) subscriber.Dispose();
        return crowded.Figures is [var cpu, var memory] ? crowded with { Figures = [cpu, new("memory of one more subscriber", more, "KB", Better.Lower), memory] } : crowded;
    }

    /// <summary>Has it do nothing for the time of a measurement.</summary>
    private async Task<Measurement> Rest(LoadRun run, IContender contender, ILiveServer server, List<Subscriber> subscribers, string @case, Options options)
    {
        var meter = new Meter(LoadRun.Blank(this, @case, contender, options, "deliveries") with { RateIsResult = false }, run)
        {
            Count = () => subscribers.Sum(subscriber => subscriber.Deliveries),
            Watched = LoadRun.Cost(server),
        };
        await meter.WarmUp(options.WarmUp);
        await meter.Measure(options.Time);
        return WithCost(meter.Result(), server);
    }

    /// <summary>With its share of a core, and its memory.</summary>
    public static Measurement WithCost(Measurement found, ILiveServer server) => found.Server is null
        ? found with { Notes = [.. found.Notes, "the server runs elsewhere: its cost is not known"] }
        : found with
        {
            Figures = [new("CPU", 100 * found.Server.CpuSeconds.Values.Sum() / found.Seconds, "% of a core", Better.Lower), new("memory", server.WorkingSet / 1e6, "MB", Better.Lower)],
        };

    private static async Task<List<Subscriber>> Join(LoadRun run, ILiveServer server, int count, int from)
    {
        var subscribers = await Crowd.Gather(server, count, run.Cancelled, from);
        foreach (var subscriber in subscribers) _ = subscriber.Run();
        return subscribers;
    }
}
