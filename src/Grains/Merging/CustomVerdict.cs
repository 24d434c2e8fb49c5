using System.Text;
using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>What a custom policy made of a contested path.</summary>
internal readonly record struct CustomVerdict(Kept Kept, Node? Value)
{
    public static CustomVerdict Of(Question question, string path, string policy, Node? incoming, Node? current, Stamp stands, string[] at)
    {
        var contested = new ContestedPath(
            path,
            Element(Seen(question, at)),
            new(Element(current), stands.At, stands.Author),
            new(Element(incoming), question.Own.At, question.Own.Author));
        var resolved = question.Customs[policy].Resolve(contested) is { } value ? NodeText.Read(Encoding.UTF8.GetBytes(value.GetRawText())) : null;
        var kept = Node.SameValue(resolved, current) ? Kept.Current : Node.SameValue(resolved, incoming) ? Kept.Incoming : Kept.Both;
        return new(kept, resolved);
    }

    private static Node? Seen(Question question, string[] at)
    {
        var node = question.BaseData is { } data ? NodeText.Read(data) : null;
        foreach (var name in at) node = node is { IsObject: true } ? node.Members.Find(name) : null;
        return node;
    }

    private static JsonElement? Element(Node? node) =>
        node is null or { IsAbsent: true } ? null : JsonDocument.Parse(NodeText.Write(node)).RootElement;
}
