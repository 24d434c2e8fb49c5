using System.Xml.Linq;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>The first thing one reads: ours, what stands beside it, and the ratio, whichever way it went.</summary>
internal static class SummaryTable
{
    public static XElement Draw(IReadOnlyList<Measurement> measurements)
    {
        var compared = Comparison.All(measurements).ToLookup(each => each.Ours, ReferenceEqualityComparer.Instance);
        return Html.Element("table", null,
            new XElement("thead", new XElement("tr", Heads("", "what", "", "ours", "", "beside it", "ratio", ""))),
            new XElement("tbody", measurements.Where(each => each.Subject.Role == Role.Ours).Select(ours => Rows(ours, [.. compared[ours]]))));
    }

    private static IEnumerable<XElement> Heads(params string[] texts) => texts.Select(text => new XElement("th", text));

    private static IEnumerable<XElement> Rows(Measurement ours, IReadOnlyList<Comparison> compared)
    {
        foreach (var figure in Headlines(ours))
        {
            var beside = compared.Where(each => each.Figure.Name == figure.Name).ToArray();
            if (beside.Length == 0) yield return Row(ours, figure, null);
            foreach (var each in beside) yield return Row(ours, figure, each);
        }
    }

    /// <summary>What the scenario is about: the rate, or else the latency, and what it found beside.</summary>
    private static IEnumerable<Figure> Headlines(Measurement ours) => ours.Comparable().Where(figure =>
        ours.Figures.Contains(figure) || (ours.RateIsResult ? figure == ours.Comparable().First() : figure.Unit == "ms"));

    private static XElement Row(Measurement ours, Figure figure, Comparison? beside) => new("tr",
        new XElement("td", ours.Scenario),
        new XElement("td", string.Join(": ", new[] { ours.Case, figure.Name }.Where(text => text.Length > 0))),
        Html.Element("td", "quiet", ours.Subject.Name),
        Html.Element("td", "number", Number.Text(figure.Value, figure.Unit)),
        Html.Element("td", "quiet", beside?.Beside.Subject.Name ?? ""),
        Html.Element("td", "number", beside is null ? "" : Number.Text(beside.Other, figure.Unit)),
        Html.Element("td", "number", beside?.Ratio is { } ratio ? $"{Number.Text(ratio)} ×" : ""),
        Verdict(beside));

    private static XElement Verdict(Comparison? beside) => beside switch
    {
        null => new XElement("td", ""),
        { Beside.Subject.Role: Role.Limit } => Html.Element("td", "quiet", "of the limit"),
        { Verdict: var verdict } => Html.Element("td", verdict.ToString().ToLowerInvariant(), verdict.ToString().ToLowerInvariant()),
    };
}
