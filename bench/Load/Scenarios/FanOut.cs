using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>
/// Every write to all of many subscribers of one feed: with eight writes under way that all must have, as fast as answers come, and at a rate. Beside it
/// what the transport carries with nothing behind it.
/// </summary>
internal sealed class FanOut : IScenario
{
    private static readonly int[] Sizes = [100, 1_000, 5_000, 10_000];
    private static readonly FanOutMode[] Modes = [new SettledFanOut(), new OpenFanOut(), new PacedFanOut()];

    public string Name => "fan-out";
    public string Description => "every write to 100 to 10,000 subscribers of one feed, in three modes, beside bare WebSockets and a SignalR group";

    public IReadOnlyList<Setting> Settings { get; } =
    [
        .. Setting.Usual, Setting.Records, Setting.Rate.Of(20), Setting.Mode,
        Setting.Generators with { Description = "processes that share the connections of the load; with more than one, the other modes than 2 and peers are left out" },
        Setting.Subscribers.Of(0) with { Lowest = 0, Description = "clients that follow; 0 = 100, 1,000, 5,000 and 10,000, one after the other" },
    ];

    public async Task Run(LoadRun run, Options options)
    {
        var modes = Chosen(run, options);
        foreach (var subscribers in options.Subscribers == 0 ? Sizes : [options.Subscribers])
        {
            if (Room.Lacks(subscribers) is { } why)
            {
                run.Skip($"{Name} to {subscribers:N0} subscribers: {why}");
                continue;
            }

            foreach (var mode in modes) await Compare(run, mode, options with { Subscribers = subscribers });
        }
    }

    /// <summary>What was asked for, without the modes that several generators cannot share.</summary>
    private IReadOnlyList<FanOutMode> Chosen(LoadRun run, Options options)
    {
        FanOutMode[] asked = options.Mode == 0 ? Modes : [Modes[options.Mode - 1]];
        if (options.Generators == 1) return asked;
        foreach (var mode in asked.Where(mode => !mode.CanBeShared)) run.Skip($"{Name}, {mode.Name(options)}: it is made by one generator, not by several");
        return [.. asked.Where(mode => mode.CanBeShared)];
    }

    private async Task Compare(LoadRun run, FanOutMode mode, Options options)
    {
        Measurement? ours = null;
        foreach (var contender in options.WithLimit("SignalR"))
        {
            if (await run.With(contender, options.Records, server => Measure(run, mode, contender, server, options)) is not { } found) continue;
            ours ??= LoadRun.IsOurs(contender) ? found : null;
            run.Line(Line(found, ours));
        }
    }

    private async Task<Measurement> Measure(LoadRun run, FanOutMode mode, IContender contender, ILiveServer server, Options options)
    {
        run.Screen.Preparing($"{options.Subscribers:N0} subscribers join");
        var blank = LoadRun.Blank(this, $"{options.Subscribers:N0} subscribers, {mode.Name(options)}", contender, options, "deliveries");
        var found = await mode.Measure(run, blank, server, contender.Traits, options);
        return found with { Figures = [.. found.Figures, .. CpuOfMany(found)] };
    }

    private static IEnumerable<Figure> CpuOfMany(Measurement found)
    {
        if (found.Server?.MicrosecondsAnOperation is { } cpu) yield return new("server CPU for 100,000 deliveries", cpu / 10, "s", Better.Lower);
    }

    private static string Line(Measurement found, Measurement? ours)
    {
        var line = $"{found.Case,-44} {found.Subject.Name,-25}{found.PerSecond,12:N0} deliveries/s";
        if (found.Server?.MicrosecondsAnOperation is { } cpu) line += $"   {cpu / 10:0.000} s of server CPU for 100,000";
        if (found.Latency is { } latency) line += $"   p50 {latency.P50:0.00}, p99 {latency.P99:0.00}, p99.9 {latency.P999:0.00} ms";
        return ours is null || ours == found || !found.RateIsResult ? line : $"{line}   ratio {ours.PerSecond / found.PerSecond:0.00}";
    }
}
