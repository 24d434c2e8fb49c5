namespace OrleansSync.Load.Measures;

/// <summary>What all processes of a server cost while it was measured.</summary>
internal sealed record ServerCost
{
    /// <summary>Cores kept busy, for each half second.</summary>
    public required IReadOnlyList<double> Cores { get; init; }

    /// <summary>Resident memory in MB (10^6), at the end of each half second.</summary>
    public required IReadOnlyList<double> Megabytes { get; init; }

    /// <summary>CPU an operation; missing where there were none.</summary>
    public double? MicrosecondsAnOperation { get; init; }

    /// <summary>Seconds of CPU of each process that was watched, by name.</summary>
    public required IReadOnlyDictionary<string, double> CpuSeconds { get; init; }
}
