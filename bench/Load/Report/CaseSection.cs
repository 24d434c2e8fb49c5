using System.Xml.Linq;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>All who are compared in one case: a legend with their figures, bars, curves, and what must be known to judge them.</summary>
internal static class CaseSection
{
    public static XElement Draw(string name, IReadOnlyList<Measurement> compared) => Html.Element("section", "case",
        new XElement("h3", name),
        Table(compared),
        Html.Element("div", "plots", BarCharts(compared), new Charts(compared).All()));

    private static XElement Table(IReadOnlyList<Measurement> compared)
    {
        var figures = compared.SelectMany(each => each.Comparable()).DistinctBy(figure => figure.Name).ToArray();
        return Html.Element("table", null,
            new XElement("thead", new XElement("tr",
                new XElement("th", ""), new XElement("th", ""),
                figures.Select(figure => Html.Element("th", "number", figure.Name, figure.Unit.Length == 0 ? null : Html.Element("small", null, $" {figure.Unit}"))))),
            new XElement("tbody", compared.Select((each, i) => Row(each, i, figures))));
    }

    private static XElement Row(Measurement of, int colour, Figure[] figures) => new("tr",
        new XElement("td", Html.Element("span", $"swatch c{colour}"), $"{of.Subject.Name} {of.Subject.Version}".TrimEnd()),
        Html.Element("td", "quiet", string.Join("; ", of.Notes)),
        figures.Select(figure => Html.Element("td", "number", of.Comparable().FirstOrDefault(each => each.Name == figure.Name) is { } mine ? Number.Text(mine.Value) : "")));

    private static IEnumerable<XElement> BarCharts(IReadOnlyList<Measurement> compared)
    {
        foreach (var name in compared.SelectMany(each => each.Comparable()).Select(figure => figure.Name).Distinct())
        {
            var seen = compared.Select((each, i) => (each, each.Comparable().FirstOrDefault(figure => figure.Name == name), i)).Where(each => each.Item2 is not null).ToArray();
            if (seen.Length > 1) yield return Bars.Draw(name, [.. seen.Select(each => (each.each, each.Item2!, each.i))]);
        }
    }
}
