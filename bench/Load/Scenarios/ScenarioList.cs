namespace OrleansSync.Load.Scenarios;

/// <summary>All scenarios, in the order in which <c>all</c> runs them.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new Writes(),
        new Latency(),
        new FanOut(),
        new HotRecord(),
        new Reconnect(),
        new Techniques(),
        new Mixed(),
        new Idle(),
        new Soak(),
        new Conflict(),
        new Postgres(),
        new Growth(),
    ];
}
