using System.Globalization;
using System.Xml.Linq;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>The report for people: one file that needs nothing else.</summary>
internal static class HtmlPage
{
    private const string Title = "What the server carries";

    public static string Write(LoadReport report) => Html.Write(new XElement("html", new XAttribute("lang", "en"),
        new XElement("head",
            new XElement("meta", new XAttribute("charset", "utf-8")),
            new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
            new XElement("title", $"{Title}, {report.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"),
            new XElement("style", PageStyle.Css)),
        new XElement("body",
            Html.Element("header", null, new XElement("h1", Title), Circumstances(report)),
            new XElement("main",
                Html.Element("section", null,
                    new XElement("h2", "Summary"),
                    Html.Element("p", "quiet", SummaryTable.Legend),
                    report.Measurements.Where(each => each.Size is null).GroupBy(each => each.Scenario).Select(each => Html.Element("div", "wide", SummaryTable.Draw(each))),
                    Growing(report.Measurements) is { Length: > 0 } growing ? new XElement("ul", growing.Select(row => new XElement("li", GrowthSection.Verdict([.. row])))) : null),
                report.Skipped.Count == 0 ? null : Html.Element("section", null, new XElement("h2", "Left out"), new XElement("ul", report.Skipped.Select(why => new XElement("li", why)))),
                report.Measurements.GroupBy(each => each.Scenario).Select(scenario => Scenario(report, scenario.Key))))));

    private static XElement Circumstances(LoadReport report) => new("p",
        $"{report.Date.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, {report.Minutes.ToString("0.0", CultureInfo.InvariantCulture)} minutes, version {report.Version}",
        new XElement("br"),
        $"{report.Machine.Cores} cores ({report.Machine.Processor}), {Number.Text(report.Machine.Gigabytes)} GB, {report.Machine.System}, {report.Machine.Runtime}"
        + (report.Machine.LoadBefore is { } load ? $"; load before the run {Number.Text(load)}" : ""),
        new XElement("br"),
        new XElement("code", report.CommandLine),
        $" (seed {report.Seed})",
        new XElement("br"),
        "The generator's own work is in all figures of a server on the same machine. Quote ratios within one run, not the figures of two.");

    private static XElement Scenario(LoadReport report, string name)
    {
        var all = report.Measurements.Where(each => each.Scenario == name).ToArray();
        var growing = Growing(all);
        var besideAll = all.Where(each => each.Case.Length == 0).ToArray();
        var cases = all.Where(each => each.Case.Length > 0).GroupBy(each => each.Case).ToArray();
        return Html.Element("section", "scenario",
            new XElement("h2", name),
            new XElement("p", report.Scenarios.GetValueOrDefault(name, "")),
            Html.Element("p", "quiet", string.Join(", ", all[0].Parameters.Select(each => $"{each.Key} {each.Value}"))),
            growing.Length > 0 ? growing.Select(each => GrowthSection.Draw([.. each])) :
            cases.Length == 0 ? CaseSection.Draw("the limit", besideAll) : cases.Select(each => CaseSection.Draw(each.Key, [.. each, .. besideAll.Where(limit => each.Any(ours => Comparison.StandsBeside(limit, ours)))])));
    }

    private static IGrouping<string, Measurement>[] Growing(IReadOnlyList<Measurement> measurements) =>
        [.. measurements.Where(each => each.Size is not null).GroupBy(each => each.Size!.Of)];
}
