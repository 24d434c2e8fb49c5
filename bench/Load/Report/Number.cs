using System.Globalization;

namespace OrleansSync.Load.Report;

/// <summary>Numbers as people read them: three or four digits that matter.</summary>
internal static class Number
{
    public static string Text(double value) => value.ToString(Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => "#,0",
        >= 10 => "0.0",
        >= 0.1 => "0.00",
        _ => "0.000",
    }, CultureInfo.InvariantCulture);

    public static string Text(double value, string unit) => unit.Length == 0 ? Text(value) : $"{Text(value)} {unit}";

    /// <summary>On an axis: 1.5M, 20k.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("#,0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>In a drawing.</summary>
    public static string Coordinate(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
