using OrleansSync.Load.Measures;
using OrleansSync.Load.Report;

namespace OrleansSync.Load.Guard;

/// <summary>A ratio that is kept, held against the same of some turns.</summary>
internal sealed class RatioCheck
{
    private readonly double[] _seen;
    private readonly Better _better;

    private RatioCheck(KeptRatio kept, IEnumerable<(double Ratio, Better Better)> seen)
    {
        Kept = kept;
        _seen = [.. seen.Select(each => each.Ratio).Order()];
        _better = seen.Select(each => each.Better).FirstOrDefault();
    }

    public KeptRatio Kept { get; }

    /// <summary>The median of the turns; null = no turn had it.</summary>
    public double? Seen => _seen.Length == 0 ? null : (_seen[(_seen.Length - 1) / 2] + _seen[_seen.Length / 2]) / 2;

    /// <summary>To three digits that matter, as it is kept.</summary>
    public double? Rounded => Seen is { } seen && seen != 0 ? Math.Round(seen, Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(seen))), 0, 15)) : Seen;

    public double Least => _seen.FirstOrDefault();
    public double Most => _seen.LastOrDefault();

    /// <summary>The worst that is tolerated.</summary>
    public double? Bound => Kept.Value * (_better == Better.Higher ? 1 - Kept.Tolerance : 1 + Kept.Tolerance);

    public Standing Standing
    {
        get
        {
            if (Seen is not { } seen) return Standing.NotMeasured;
            if (Kept.Value is not { } kept) return Standing.New;
            if (_better == Better.Higher ? seen < Bound : seen > Bound) return Standing.Worse;
            return (_better == Better.Higher ? seen > kept * (1 + Kept.Tolerance) : seen < kept * (1 - Kept.Tolerance)) ? Standing.Better : Standing.Kept;
        }
    }

    /// <param name="turns">What each turn measured in the run of this ratio.</param>
    public static RatioCheck Of(KeptRatio kept, IEnumerable<IReadOnlyList<Measurement>> turns) => new(kept, [.. turns.SelectMany(turn => In(kept, turn))]);

    /// <summary>One ratio, or none where it was not measured.</summary>
    private static IEnumerable<(double Ratio, Better Better)> In(KeptRatio kept, IReadOnlyList<Measurement> turn)
    {
        var found = Comparison.All(turn)
            .Where(each => each.Ours.Case == kept.Case && each.Figure.Name == kept.Figure && each.Beside.Subject.Name.StartsWith(kept.Beside, StringComparison.Ordinal) && each.Ratio is not null)
            .ToArray();
        // Measured before and after ours, what stands beside it may have changed meanwhile: what lies between is fair.
        if (found.Length > 0) yield return (found[0].Figure.Value / found.Average(each => each.Other), found[0].Figure.Better);
    }
}

/// <summary>How what is seen stands to what is kept.</summary>
internal enum Standing
{
    /// <summary>Within what is tolerated.</summary>
    Kept,

    /// <summary>Better by more than what is tolerated: worth keeping, so that it cannot be lost unseen.</summary>
    Better,

    /// <summary>Worse by more than what is tolerated.</summary>
    Worse,

    /// <summary>Nothing is kept yet.</summary>
    New,

    NotMeasured,
}
