namespace OrleansSync.Load.Report;

/// <summary>An axis: from values to places, and which values are written on it.</summary>
internal sealed record Scale(double From, double To, bool Logarithmic)
{
    private const int Ticks = 5;

    public IReadOnlyList<double> Marks { get; init; } = [];

    /// <summary>From zero to a round number past the greatest value.</summary>
    public static Scale Linear(double greatest)
    {
        if (greatest <= 0) greatest = 1;
        var step = Round(greatest / Ticks);
        var count = (int)Math.Ceiling(greatest / step - 1e-9);
        return new(0, count * step, false) { Marks = [.. Enumerable.Range(0, count + 1).Select(i => i * step)] };
    }

    /// <summary>From zero to exactly there.</summary>
    public static Scale Until(double end)
    {
        var step = Round(end / Ticks);
        return new(0, end, false) { Marks = [.. Enumerable.Range(0, (int)(end / step + 1e-9) + 1).Select(i => i * step)] };
    }

    /// <summary>Between the powers of ten around them.</summary>
    public static Scale Powers(double least, double greatest)
    {
        var (from, to) = ((int)Math.Floor(Math.Log10(least)), (int)Math.Ceiling(Math.Log10(greatest)));
        if (to == from) to++;
        return new(Math.Pow(10, from), Math.Pow(10, to), true) { Marks = [.. Enumerable.Range(from, to - from + 1).Select(power => Math.Pow(10, power))] };
    }

    /// <summary>Where a value is, 0 to 1.</summary>
    public double At(double value) => Logarithmic
        ? Math.Log(Math.Max(value, From) / From) / Math.Log(To / From)
        : (value - From) / (To - From);

    /// <summary>1, 2 or 5 times a power of ten, the next one up.</summary>
    private static double Round(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch { <= 1.0000001 => 1, <= 2.0000001 => 2, <= 5.0000001 => 5, _ => 10 } * power;
    }
}
