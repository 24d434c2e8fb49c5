namespace OrleansSync.Load.Guard;

/// <summary>One figure of ours divided by the same of what stands beside it, as it was seen and may not get much worse than.</summary>
internal sealed record KeptRatio
{
    /// <summary>The scenario with its options, as on the command line.</summary>
    public required string Run { get; init; }

    /// <summary>Of the scenario, as in its report.</summary>
    public required string Case { get; init; }

    /// <summary>What is compared, as in the report.</summary>
    public required string Figure { get; init; }

    /// <summary>How the names of those begin that it is divided by; of several the mean.</summary>
    public required string Beside { get; init; }

    /// <summary>Null = not seen yet.</summary>
    public double? Value { get; init; }

    /// <summary>By which share of the value it may be worse.</summary>
    public required double Tolerance { get; init; }

    /// <summary>What the ratio guards, and why so much is tolerated.</summary>
    public required string Why { get; init; }

    public string Name => $"{Run.Split(' ')[0]}, {Case}: {Figure} / {Beside}";
}
