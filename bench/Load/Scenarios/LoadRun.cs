using OrleansSync.Load.Live;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>What one command does: where its scenarios show how it goes, and what they have found so far.</summary>
internal sealed class LoadRun(IScreen screen, CancellationToken cancelled)
{
    private readonly List<Measurement> _measurements = [];
    private readonly List<string> _skipped = [];

    public IScreen Screen => screen;

    /// <summary>When it is not worth going on: whatever was started is ended.</summary>
    public CancellationToken Cancelled => cancelled;

    public IReadOnlyList<Measurement> Measurements => _measurements;

    /// <summary>What could not be measured, and why.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    public void Line(string text) => screen.Line(text);

    public void Add(Measurement measurement) => _measurements.Add(measurement);

    /// <summary>Starts a server and measures it; one that cannot run here, or that fails, is left out and said so.</summary>
    /// <returns>What was found, also added to all that was; null if it was left out.</returns>
    public async Task<Measurement?> With(IContender contender, int records, Func<ILiveServer, Task<Measurement>> measure)
    {
        try
        {
            screen.Preparing($"{contender.Name} starts");
            await using var server = await contender.Start(records);
            var found = await measure(server);
            Add(found);
            return found;
        }
        catch (Exception failed) when (!IsOurs(contender) && !cancelled.IsCancellationRequested)
        {
            Skip($"{contender.Name}: {failed.Message}");
            return null;
        }
    }

    /// <summary>Somebody, or something, is not measured: it is reported, and says so at once.</summary>
    /// <param name="why">With who it is.</param>
    public void Skip(string why)
    {
        _skipped.Add(why);
        Line($"  left out: {why}");
    }

    /// <summary>The frame of a measurement of a contender.</summary>
    public static Measurement Blank(IScenario scenario, string @case, IContender contender, Options options, string unit) =>
        Blank(scenario, @case, new Subject(contender.Name, contender.Version, RoleOf(contender)), options, unit) with { Notes = Promises(contender.Traits) };

    public static Measurement Blank(IScenario scenario, string @case, Subject subject, Options options, string unit) => new()
    {
        Scenario = scenario.Name,
        Case = @case,
        Subject = subject,
        Parameters = scenario.Settings.ToDictionary(setting => setting.Name, setting => $"{setting.Value(options)}"),
        Unit = unit,
        Operations = 0,
        Seconds = 0,
    };

    public static IReadOnlyList<Watched> Cost(ILiveServer server) => server is IWatchable watchable
        ? watchable.Cost is { } cost ? [cost] : []
        : [new("server", () => server.CpuTime, () => server.WorkingSet)];

    public static bool IsOurs(IContender contender) => contender is TargetContender || contender == Contenders.All[0];

    private static Role RoleOf(IContender contender) => IsOurs(contender) ? Role.Ours : contender == Contenders.Transport ? Role.Limit : Role.Beside;

    private static IReadOnlyList<string> Promises(Traits traits) =>
    [
        traits.Kept switch
        {
            Kept.Synced => "answered = on disk, fsynced",
            Kept.Written => "answered = handed to the operating system, not fsynced",
            _ => "answered = in memory, gone with the process",
        },
        traits.Concurrent switch
        {
            Concurrent.Refused => "a write that had not seen the newest value can be refused",
            Concurrent.Merged => "concurrent writes are merged by data type",
            _ => "concurrent writes overwrite each other unseen",
        },
        .. traits.EveryWrite ? Array.Empty<string>() : ["a subscriber may be given the newest value alone"],
    ];
}
