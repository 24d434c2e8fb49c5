using System.Xml.Linq;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>
/// The first thing one reads, a table for each scenario: ours, then those beside it, each with the ratio of ours to it, whichever way it went. Where
/// ours was measured under several conditions, they are columns of their own and have the ratio to the one beside.
/// </summary>
internal sealed class SummaryTable
{
    public const string Legend = "× = ours divided by what stands beside it in the same run; ▲ ours is better, ▼ ours is worse, ≈ within 5 %, | of the raw limit.";

    private readonly IGrouping<string, Measurement> _scenario;
    private readonly bool _oneOfOurs;
    private readonly string[] _columns;

    private SummaryTable(IGrouping<string, Measurement> scenario)
    {
        _scenario = scenario;
        _oneOfOurs = scenario.Where(IsOurs).GroupBy(each => each.Case).All(each => each.Count() == 1);
        _columns = [.. scenario.OrderBy(each => each.Subject.Role).Select(Column).Distinct()];
    }

    public static XElement Draw(IGrouping<string, Measurement> scenario) => new SummaryTable(scenario).Draw();

    private XElement Draw() => Html.Element("table", "summary",
        new XElement("thead", new XElement("tr", new XElement("th", _scenario.Key), _columns.Select(column => Html.Element("th", "number", column)))),
        new XElement("tbody", _scenario.Where(IsOurs).GroupBy(each => each.Case).SelectMany(Rows)));

    private IEnumerable<XElement> Rows(IGrouping<string, Measurement> ours)
    {
        foreach (var figure in Headlines(ours.First()))
        {
            yield return new("tr",
                new XElement("td", $"{ours.Key}: {figure.Name}", Html.Element("small", null, $" {figure.Unit}")),
                _columns.Select(column => Html.Element("td", "number", Cell([.. ours], column, figure.Name))));
        }
    }

    private IEnumerable<object?> Cell(Measurement[] ours, string column, string figure)
    {
        var mine = ours[0];
        if (_scenario.FirstOrDefault(each => Column(each) == column && (IsOurs(each) ? each.Case == mine.Case : Comparison.StandsBeside(each, mine))) is not { } measured) yield break;
        if (Find(measured, figure) is not { } seen) yield break;
        yield return Number.Text(seen.Value);
        var pair = _oneOfOurs ? (Ours: mine, Beside: measured) : (Ours: measured, Beside: Beside(measured));
        if (!IsOurs(measured) != _oneOfOurs || pair.Beside is null) yield break;
        if (Comparison.All([pair.Ours, pair.Beside]).FirstOrDefault(each => each.Figure.Name == figure) is { } compared) yield return Ratio(compared);
    }

    private Measurement? Beside(Measurement ours) => _scenario.FirstOrDefault(each => !IsOurs(each) && Comparison.StandsBeside(each, ours));

    private static XElement Ratio(Comparison compared) => Html.Element("span", $"ratio {(OfLimit(compared) ? "quiet" : compared.Verdict.ToString().ToLowerInvariant())}",
        $"{Mark(compared)} {(compared.Ratio is { } ratio ? $"{Number.Text(ratio)} ×" : "")}");

    private static string Mark(Comparison compared) => OfLimit(compared) ? "|" : compared.Verdict switch
    {
        Verdict.Better => "▲",
        Verdict.Worse => "▼",
        _ => "≈",
    };

    /// <summary>No server is expected to reach it: how far it is from there is neither good nor bad.</summary>
    private static bool OfLimit(Comparison compared) => compared.Beside.Subject.Role == Role.Limit;

    /// <summary>What the scenario is about: the rate, or else the latency, and what it found beside; where conditions are compared, all of it.</summary>
    private IEnumerable<Figure> Headlines(Measurement ours) => ours.Comparable().Where(figure =>
        !_oneOfOurs || ours.Figures.Contains(figure) || (ours.RateIsResult ? figure == ours.Comparable().First() : figure.Unit == "ms"));

    private string Column(Measurement of) => IsOurs(of) && _oneOfOurs ? "ours" : of.Subject.Name;

    private static bool IsOurs(Measurement of) => of.Subject.Role == Role.Ours;

    private static Figure? Find(Measurement of, string figure) => of.Comparable().FirstOrDefault(each => each.Name == figure);
}
