using System.Xml.Linq;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Report;

/// <summary>One figure of all who are compared, as bars below each other with the number beside.</summary>
internal static class Bars
{
    private const double Width = 520, Row = 24, Names = 190, Values = 70;

    public static XElement Draw(string figure, IReadOnlyList<(Measurement Of, Figure Figure, int Colour)> seen)
    {
        var greatest = Math.Max(seen.Max(each => each.Figure.Value), double.Epsilon);
        var better = seen[0].Figure.Better == Better.Higher ? "more is better" : "less is better";
        return Html.Element("figure", "plot",
            Html.Element("figcaption", null, figure, Html.Element("small", null, $" {seen[0].Figure.Unit} ({better})".Replace("  ", " ", StringComparison.Ordinal))),
            new XElement("svg",
                new XAttribute("viewBox", $"0 0 {Width} {Number.Coordinate(seen.Count * Row)}"),
                new XAttribute("role", "img"),
                new XElement("title", figure),
                seen.Select((each, i) => Bar(each.Of.Subject.Name, each.Figure, each.Colour, i, greatest))));
    }

    private static IEnumerable<XElement> Bar(string name, Figure figure, int colour, int row, double greatest)
    {
        var (top, length) = (row * Row, Math.Max(1, Math.Max(0, figure.Value) / greatest * (Width - Names - Values)));
        yield return Text(Names - 8, top + 16, "end", name.Length > 28 ? name[..27] + "…" : name);
        yield return Html.Element("rect", $"bar c{colour}", At("x", Names), At("y", top + 3), At("width", length), At("height", Row - 6), new XElement("title", name));
        yield return Text(Names + length + 6, top + 16, "start", Number.Text(figure.Value));
    }

    private static XElement Text(double x, double y, string anchor, string text) => new("text", At("x", x), At("y", y), new XAttribute("text-anchor", anchor), text);

    private static XAttribute At(string name, double value) => new(name, Number.Coordinate(value));
}
