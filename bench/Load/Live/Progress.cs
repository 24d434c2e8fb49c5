namespace OrleansSync.Load.Live;

/// <summary>What is going on right now, for whoever watches.</summary>
internal readonly record struct Progress
{
    public required string Scenario { get; init; }
    public required string Case { get; init; }
    public required string Subject { get; init; }
    public required string Phase { get; init; }
    public required TimeSpan Left { get; init; }
    public required double PerSecond { get; init; }
    public required string Unit { get; init; }

    /// <summary>So far, in milliseconds: the median and p99.</summary>
    public (double P50, double P99)? Percentiles { get; init; }

    /// <summary>Cores that the server keeps busy.</summary>
    public double? Cores { get; init; }

    /// <summary>The server's resident memory.</summary>
    public long? Bytes { get; init; }

    public string Title => $"{Scenario}{(Case.Length == 0 ? "" : $", {Case}")}: {Subject}";
    public string Rate => $"{PerSecond:N0} {Unit}/s";
    public string Latency => Percentiles is { } seen ? $"p50 {seen.P50:0.00} ms, p99 {seen.P99:0.00} ms" : "";
    public string Cost => Cores is { } cores ? $"{cores:0.00} cores{Memory}" : Memory.TrimStart(',', ' ');
    private string Memory => Bytes is { } bytes ? $", {bytes / 1e6:N0} MB" : "";
}
