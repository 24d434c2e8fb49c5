using OrleansSync.Load.Measures;
using OrleansSync.Load.Report;

namespace OrleansSync.Load.Tests;

/// <summary>Measurements as a run makes them, with figures that are known.</summary>
internal static class Samples
{
    public static Measurement Of(string name, Role role, long writes, string @case = "16 in flight", params Figure[] figures) => new()
    {
        Scenario = "writes",
        Case = @case,
        Subject = new(name, "1.0", role),
        Parameters = new Dictionary<string, string> { ["seconds"] = "10" },
        Unit = "writes",
        Operations = writes,
        Seconds = 10,
        Throughput = [.. Enumerable.Repeat(writes / 10.0, 20)],
        Figures = figures,
    };

    public static Latency Milliseconds(params IEnumerable<int> values)
    {
        var histogram = Arrivals.Histogram();
        foreach (var value in values) histogram.RecordValue(value * 1000L);
        return Latency.From(histogram, "asking to the answer");
    }

    public static LoadReport Report(params Measurement[] measurements) => new()
    {
        Date = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
        Minutes = 1.5,
        Version = "1.0",
        CommandLine = "writes --seconds 10",
        Seed = 1,
        Machine = new() { Processor = "a processor", Cores = 2, Gigabytes = 24, System = "a system", Runtime = ".NET" },
        Scenarios = new Dictionary<string, string> { ["writes"] = "writes a second" },
        Measurements = measurements,
        Skipped = ["Redis: not here"],
    };
}
