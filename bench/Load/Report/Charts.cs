using System.Globalization;
using System.Xml.Linq;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>The curves of measurements that are compared with each other, each in its colour.</summary>
internal sealed class Charts(IReadOnlyList<Measurement> compared)
{
    // Apart by more, the lower curves would lie on the axis.
    private const double TooFarApart = 20;

    public IEnumerable<XElement> All()
    {
        if (compared.Any(each => each.RateIsResult)) yield return OverTime("Throughput", $"{compared[0].Unit}/s", each => each.Throughput);
        if (Percentiles() is { } percentiles) yield return percentiles;
        if (compared.Any(each => each.Server is { Cores.Count: > 1 })) yield return OverTime("CPU of the server", "cores", each => each.Server?.Cores ?? []);
        if (compared.Any(each => each.Server is { Megabytes.Count: > 1 })) yield return OverTime("Memory of the server", "MB", each => each.Server?.Megabytes ?? []);
    }

    private XElement OverTime(string what, string unit, Func<Measurement, IReadOnlyList<double>> series)
    {
        var curves = Curves(each => [.. series(each).Select((value, i) => ((i + 1) * 0.5, value))]);
        var longest = curves.Count == 0 ? 1 : curves.Max(curve => curve.Points[^1].X);
        var greatest = curves.Count == 0 ? 1 : curves.Max(curve => curve.Points.Max(point => point.Y));
        return Plot.Draw($"{what}, {unit}", "seconds", Scale.Until(longest), Number.Short, Scale.Linear(greatest), curves);
    }

    /// <summary>As far to the right as there are things of which one in so many was slower.</summary>
    private XElement? Percentiles()
    {
        var curves = Curves(each => [.. (each.Latency?.Curve ?? []).Where(point => point.Share < 1).Select(point => (1 / (1 - point.Share), point.Milliseconds))]);
        if (curves.Count == 0) return null;
        var (least, greatest) = (curves.Min(curve => curve.Points[^1].Y), curves.Max(curve => curve.Points[^1].Y));
        var y = greatest / least > TooFarApart ? Scale.Powers(curves.Min(curve => curve.Points[0].Y), greatest) : Scale.Linear(greatest);
        return Plot.Draw("Latency by percentile, ms", "% took at most so long", Scale.Powers(1, Math.Max(10, curves.Max(curve => curve.Points[^1].X))), Percent, y, curves);
    }

    private static string Percent(double oneIn) => (100 - 100 / oneIn).ToString("0.######", CultureInfo.InvariantCulture);

    private IReadOnlyList<Plot.Curve> Curves(Func<Measurement, IReadOnlyList<(double X, double Y)>> points) =>
        [.. compared.Select((each, i) => new Plot.Curve(each.Subject.Name, i, points(each))).Where(curve => curve.Points.Count > 1)];
}
