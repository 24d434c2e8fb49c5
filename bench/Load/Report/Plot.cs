using System.Xml.Linq;

namespace OrleansSync.Load.Report;

/// <summary>Curves over two axes, as inline SVG that takes its colours from the page.</summary>
internal static class Plot
{
    private const double Width = 520, Height = 250, Left = 56, Right = 24, Top = 10, Bottom = 40;

    /// <param name="Colour">Of the palette of the page.</param>
    public sealed record Curve(string Name, int Colour, IReadOnlyList<(double X, double Y)> Points);

    /// <param name="xText">What is written at a mark of the lower axis.</param>
    public static XElement Draw(string title, string xTitle, Scale x, Func<double, string> xText, Scale y, IReadOnlyList<Curve> curves) =>
        Html.Element("figure", "plot",
            Html.Element("figcaption", null, title),
            new XElement("svg",
                new XAttribute("viewBox", $"0 0 {Width} {Height}"),
                new XAttribute("role", "img"),
                new XElement("title", title),
                y.Marks.Select(mark => Mark(Left, Up(y, mark), Width - Right, Up(y, mark), Left - 6, Up(y, mark) + 4, "end", Number.Short(mark))),
                x.Marks.Select(mark => Mark(Along(x, mark), Top, Along(x, mark), Height - Bottom, Along(x, mark), Height - Bottom + 16, "middle", xText(mark))),
                Text(Left + (Width - Left - Right) / 2, Height - 6, "middle", xTitle),
                curves.Select(curve => Line(curve, x, y))));

    private static XElement Line(Curve curve, Scale x, Scale y) =>
        Html.Element("path", $"curve c{curve.Colour}",
            new XAttribute("d", "M" + string.Join("L", curve.Points.Select(point => $"{Number.Coordinate(Along(x, point.X))} {Number.Coordinate(Up(y, point.Y))}"))),
            new XElement("title", curve.Name));

    private static IEnumerable<XElement> Mark(double x1, double y1, double x2, double y2, double x, double y, string anchor, string text) =>
    [
        Html.Element("line", "grid", At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2)),
        Text(x, y, anchor, text),
    ];

    private static XElement Text(double x, double y, string anchor, string text) =>
        new("text", At("x", x), At("y", y), new XAttribute("text-anchor", anchor), text);

    private static XAttribute At(string name, double value) => new(name, Number.Coordinate(value));
    private static double Along(Scale x, double value) => Left + x.At(value) * (Width - Left - Right);
    private static double Up(Scale y, double value) => Height - Bottom - y.At(value) * (Height - Top - Bottom);
}
