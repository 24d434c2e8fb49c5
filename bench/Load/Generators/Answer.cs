namespace OrleansSync.Load.Generators;

/// <summary>What a generator says, a line of JSON on its standard output: again and again how far it is, and when it has done what it was told.</summary>
internal sealed record Answer
{
    public long Answered { get; init; }
    public long Refused { get; init; }
    public long Deliveries { get; init; }

    /// <summary>The order that is done; null = only how far it is.</summary>
    public Do? Done { get; init; }

    /// <summary>With <see cref="Do.Still"/>: what was noted, as in a report.</summary>
    public string? Times { get; init; }

    /// <summary>Why it cannot go on.</summary>
    public string? Failed { get; init; }
}
