using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace OrleansSync.Load.Report;

/// <summary>Elements of a page, as a tree: what is written out is well-formed and escaped, whatever the texts are.</summary>
internal static class Html
{
    private static readonly HashSet<string> Void = ["meta", "br", "hr", "link", "img", "col"];
    private static readonly HashSet<string> Shapes = ["line", "path", "rect", "circle"];

    public static XElement Element(string name, string? @class, params object?[] content) =>
        new(name, @class is null ? null : new XAttribute("class", @class), content);

    public static string Write(XElement page)
    {
        // An empty element that is closed at once would be read as one that stays open.
        foreach (var element in page.DescendantsAndSelf().Where(each => each.IsEmpty && !Void.Contains(each.Name.LocalName) && !Shapes.Contains(each.Name.LocalName)))
            element.Value = "";
        var text = new StringBuilder("<!DOCTYPE html>\n");
        using (var writer = XmlWriter.Create(text, new() { OmitXmlDeclaration = true, Indent = false })) page.Save(writer);
        return text.Append('\n').ToString();
    }
}
