using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>One figure of ours, and the same of what stands beside it in the same run.</summary>
internal sealed record Comparison(Measurement Ours, Measurement Beside, Figure Figure, double Other)
{
    // What two runs of one thing differ by anyway.
    private const double Noise = 0.05;

    /// <summary>Ours by theirs; null where theirs is 0.</summary>
    public double? Ratio => Other == 0 ? null : Figure.Value / Other;

    public Verdict Verdict => Ratio switch
    {
        null => Figure.Value == Other ? Verdict.Alike : Figure.Better == Better.Higher ? Verdict.Better : Verdict.Worse,
        > 1 - Noise and < 1 + Noise => Verdict.Alike,
        var ratio => ratio > 1 == (Figure.Better == Better.Higher) ? Verdict.Better : Verdict.Worse,
    };

    /// <summary>Everything that can be compared, in the order in which it was measured.</summary>
    public static IEnumerable<Comparison> All(IReadOnlyList<Measurement> measurements) =>
        from ours in measurements
        where ours.Subject.Role == Role.Ours
        from beside in measurements
        where beside.Subject.Role != Role.Ours && StandsBeside(beside, ours)
        from figure in ours.Comparable()
        let other = beside.Comparable().FirstOrDefault(each => each.Name == figure.Name)
        where other is not null
        select new Comparison(ours, beside, figure, other.Value);

    public static bool StandsBeside(Measurement beside, Measurement ours) =>
        beside.Scenario == ours.Scenario && (beside.Case.Length == 0 ? ours.RateIsResult && beside.Unit == ours.Unit : beside.Case == ours.Case);
}

internal enum Verdict
{
    Better,
    Alike,
    Worse,
}
