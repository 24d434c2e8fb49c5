using System.Globalization;
using System.Xml.Linq;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>Measurements under one thing that grows: what each operation cost at each size, and the curve of that beside straight growth.</summary>
internal static class GrowthSection
{
    private const int Ours = 0;
    private const int Straight = 9;

    public static XElement Draw(IReadOnlyList<Measurement> row) => Html.Element("section", "case",
        new XElement("h3", $"More and more {row[0].Size!.Of}"),
        Html.Element("p", "quiet", "Small: the ratio to the size before. ▼ = more than straight growth: more than 2.0 where the size doubled. In the plots the grey line is straight growth from the first size."),
        Table(row),
        Html.Element("div", "plots", Names(row).Select(name => Curve(row, name))));

    /// <summary>In one line.</summary>
    public static string Verdict(IReadOnlyList<Measurement> row)
    {
        var steps = row.Zip(row.Skip(1)).SelectMany(pair => Step.Between(pair.First, pair.Second)).ToArray();
        return $"{Whole(row[0].Size!)} to {Whole(row[^1].Size!)} {row[0].Size!.Of}: {steps.Count(step => step.TooSteep)} of {steps.Length} steps cost more than straight growth";
    }

    private static IEnumerable<string> Names(IReadOnlyList<Measurement> row) => row.SelectMany(each => each.Figures).Select(figure => figure.Name).Distinct();

    private static XElement Table(IReadOnlyList<Measurement> row) => Html.Element("table", null,
        new XElement("thead", new XElement("tr",
            new XElement("th", row[0].Size!.Of),
            Names(row).Select(name => Html.Element("th", "number", name, Html.Element("small", null, $" {Unit(row, name)}"))))),
        new XElement("tbody", row.SelectMany((each, i) => Rows(row, each, i == 0 ? null : row[i - 1]))));

    private static IEnumerable<XElement> Rows(IReadOnlyList<Measurement> row, Measurement of, Measurement? smaller)
    {
        var steps = smaller is null ? [] : Step.Between(smaller, of).ToDictionary(step => step.Cost.Name);
        yield return new("tr",
            Html.Element("td", "number", Whole(of.Size!)),
            Names(row).Select(name => Html.Element("td", "number", Cell(of, name, steps.GetValueOrDefault(name)))));
        if (of.Notes.Count > 0) yield return new("tr", Html.Element("td", "quiet", new XAttribute("colspan", Names(row).Count() + 1), string.Join("; ", of.Notes)));
    }

    private static IEnumerable<object> Cell(Measurement of, string name, Step? step)
    {
        if (of.Figures.FirstOrDefault(figure => figure.Name == name) is not { } seen) yield break;
        yield return Number.Text(seen.Value);
        if (step is not null) yield return Html.Element("span", step.TooSteep ? "ratio worse" : "ratio quiet", $"{(step.TooSteep ? "▼ " : "")}{Number.Text(step.Ratio)} ×");
    }

    private static XElement Curve(IReadOnlyList<Measurement> row, string name)
    {
        var points = row
            .Select(each => (X: each.Size!.Value, Y: each.Figures.FirstOrDefault(figure => figure.Name == name)?.Value ?? 0))
            .Where(point => point.Y > 0).ToArray();
        if (points.Length < 2) return Html.Element("figure", "plot", Html.Element("figcaption", null, $"{name}: too few sizes for a curve"));
        var straight = points.Select(point => (point.X, Y: points[0].Y * point.X / points[0].X)).ToArray();
        var all = points.Concat(straight).Select(point => point.Y).ToArray();
        return Plot.Draw(
            $"{name}, {Unit(row, name)}", row[0].Size!.Of,
            Scale.Powers(points[0].X, points[^1].X), Number.Short, Scale.Powers(all.Min(), all.Max()),
            [new("straight growth", Straight, straight), new(name, Ours, points)]);
    }

    private static string Unit(IReadOnlyList<Measurement> row, string name) => row.SelectMany(each => each.Figures).First(figure => figure.Name == name).Unit;

    private static string Whole(Size size) => size.Value.ToString("#,0", CultureInfo.InvariantCulture);
}
