using System.Globalization;

namespace OrleansSync.Load.Endurance;

/// <summary>The straight line that lies nearest to what was seen in a time (least squares).</summary>
/// <param name="PerSecond">How much it rises.</param>
/// <param name="Mean">In the middle of it.</param>
/// <param name="Seconds">How long that was.</param>
internal readonly record struct Trend(double PerSecond, double Mean, double Seconds)
{
    /// <summary>A line that rises or falls by less than this part of the mean is called flat.</summary>
    public const double Noise = 0.02;

    public double Change => PerSecond * Seconds;
    public double PerHour => PerSecond * 3600;
    public bool IsFlat => Math.Abs(Change) < Noise * Mean;

    /// <summary>Null where there are not two moments.</summary>
    public static Trend? Through(IReadOnlyCollection<(double Seconds, double Value)> seen)
    {
        if (seen.Select(each => each.Seconds).Distinct().Take(2).Count() < 2) return null;
        var (time, mean) = (seen.Average(each => each.Seconds), seen.Average(each => each.Value));
        var slope = seen.Sum(each => (each.Seconds - time) * (each.Value - mean)) / seen.Sum(each => (each.Seconds - time) * (each.Seconds - time));
        return new(slope, mean, seen.Max(each => each.Seconds) - seen.Min(each => each.Seconds));
    }

    /// <summary>As a plain sentence about memory in MB.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"memory {(IsFlat ? "is flat" : Change > 0 ? "GROWS" : "falls")}: over the second half ({Seconds / 60:0.0} minutes) the line through it goes {Change:+0.0;-0.0} MB, {Change / Mean:+0.0%;-0.0%} of {Mean:0} MB ({PerHour:+0;-0} MB an hour); under {Noise:0%} is called flat");
}
