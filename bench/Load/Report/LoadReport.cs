using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>What <c>report.json</c> holds: where, when and how it was measured, and all measurements.</summary>
internal sealed record LoadReport
{
    /// <summary>Raised when the shape changes so that a reader must know.</summary>
    public int Format { get; init; } = 1;

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Date { get; init; }

    public required double Minutes { get; init; }

    /// <summary>Of what is measured and of the generator: built in one go.</summary>
    public required string Version { get; init; }

    public required string CommandLine { get; init; }
    public required int Seed { get; init; }
    public required Machine Machine { get; init; }

    /// <summary>What each scenario is about, by its name.</summary>
    public required IReadOnlyDictionary<string, string> Scenarios { get; init; }

    public required IReadOnlyList<Measurement> Measurements { get; init; }

    /// <summary>Who could not be measured, and why.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];
}
