namespace OrleansSync.Load.Measures;

/// <summary>What was measured: of whom, under what, and everything that was seen. <c>report.json</c> is a list of these.</summary>
internal sealed record Measurement
{
    /// <summary>As on the command line.</summary>
    public required string Scenario { get; init; }

    /// <summary>What is compared with each other has the same case; empty = it stands beside every case of the scenario.</summary>
    public required string Case { get; init; }

    public required Subject Subject { get; init; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>What was counted: <c>writes</c>, <c>deliveries</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Operations in the time that was measured, the warm-up excluded; divided by <see cref="Seconds"/> it is the rate.</summary>
    public required long Operations { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Whether the rate is a result. Where it was given by the run, or nothing is done, it is not.</summary>
    public bool RateIsResult { get; init; } = true;

    /// <summary>Operations a second, for each half second that was measured.</summary>
    public IReadOnlyList<double> Throughput { get; init; } = [];

    /// <summary>Where it stands in a row of measurements under something that grows; its figures are the costs at that size. Null = in no such row.</summary>
    public Size? Size { get; init; }

    public Latency? Latency { get; init; }

    /// <summary>What the server cost; missing for one that runs elsewhere.</summary>
    public ServerCost? Server { get; init; }

    /// <summary>What else was found, in the order of its weight.</summary>
    public IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>What a reader must know to judge it: what an answer promises, what was lost.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public double PerSecond => Seconds > 0 ? Operations / Seconds : 0;

    /// <summary>All that can be held against the same of another, the headline first.</summary>
    public IEnumerable<Figure> Comparable()
    {
        if (RateIsResult) yield return new($"{Unit} a second", PerSecond, "", Better.Higher);
        if (Latency is { Count: > 0 } latency)
        {
            yield return new("median latency", latency.P50, "ms", Better.Lower);
            yield return new("p99 latency", latency.P99, "ms", Better.Lower);
        }

        foreach (var figure in Figures) yield return figure;
        if (Server is { MicrosecondsAnOperation: { } cpu }) yield return new("server CPU an operation", cpu, "µs", Better.Lower);
    }
}
